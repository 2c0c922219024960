package dev.eventcollector.testkit;

import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an {@link ExpectedEvent} is compared with. */
interface Candidate {

  String queue();

  @Nullable String id();

  byte[] body();

  @Nullable String contentType();

  Map<String, Object> headers();

  /** The payload, whatever its type is. */
  Object payload();

  /** The payload as this type. */
  <T> T payloadAs(Class<T> type) throws MismatchException;

  /** How far it has come; null for a message of a true broker. */
  RecordedEvent.@Nullable Stage stage();

  /** How far it has come, for the reader of a failed test. */
  default String whereItIs() {
    return String.valueOf(stage());
  }

  /** In one line. */
  @Override
  String toString();

  /** Says why an event is not the one expected. */
  final class MismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    MismatchException(String why) {
      super(why);
    }
  }

  /** An event of an {@link InMemoryEventCollector}. */
  record Recorded(RecordedEvent recorded) implements Candidate {

    @Override
    public String queue() {
      return recorded.queue();
    }

    @Override
    public String id() {
      return recorded.id();
    }

    @Override
    public byte[] body() {
      return recorded.event().body();
    }

    @Override
    public @Nullable String contentType() {
      return recorded.event().contentType();
    }

    @Override
    public Map<String, Object> headers() {
      return recorded.headers();
    }

    @Override
    public Object payload() {
      return recorded.payload();
    }

    @Override
    public <T> T payloadAs(Class<T> type) throws MismatchException {
      if (type.isInstance(recorded.payload())) {
        return type.cast(recorded.payload());
      }
      throw new MismatchException(
          "is a %s, not a %s"
              .formatted(recorded.payload().getClass().getTypeName(), type.getTypeName()));
    }

    @Override
    public RecordedEvent.Stage stage() {
      return recorded.stage();
    }

    @Override
    public String whereItIs() {
      return recorded.stage() == RecordedEvent.Stage.COLLECTED
              && !recorded.thread().equals(Thread.currentThread().getName())
          ? "COLLECTED on thread %s, where perhaps no unit was bound: see EventCollector.wrap"
              .formatted(recorded.thread())
          : recorded.stage().toString();
    }

    @Override
    public String toString() {
      return Printout.of(recorded);
    }
  }

  /** A message of a true broker. */
  record Received(ReceivedMessage message, @Nullable PayloadDecoder decoder) implements Candidate {

    @Override
    public String queue() {
      return message.queue();
    }

    @Override
    public @Nullable String id() {
      return message.id();
    }

    @Override
    public byte[] body() {
      return message.body();
    }

    @Override
    public @Nullable String contentType() {
      return message.contentType();
    }

    @Override
    public Map<String, Object> headers() {
      return message.headers();
    }

    @Override
    public Object payload() {
      try {
        return decoder == null ? message.bodyAsText() : decoder.decode(body(), Object.class);
      } catch (Exception e) {
        return message.bodyAsText();
      }
    }

    @Override
    public <T> T payloadAs(Class<T> type) throws MismatchException {
      if (type == byte[].class) {
        return type.cast(body());
      }
      if (type == String.class) {
        return type.cast(message.bodyAsText());
      }
      try {
        return Objects.requireNonNull(decoder, "QueueAssert has seen to it").decode(body(), type);
      } catch (Exception e) {
        throw new MismatchException(
            "cannot be decoded as %s: %s".formatted(type.getTypeName(), e.getMessage()));
      }
    }

    @Override
    public RecordedEvent.@Nullable Stage stage() {
      return null;
    }

    @Override
    public String toString() {
      return Printout.of(message);
    }
  }
}
