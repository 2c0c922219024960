package dev.eventcollector.testkit;

import dev.eventcollector.Exchange;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event or message to compare with an {@link ExpectedEvent}. */
interface Candidate {

  String queue();

  /** The named exchange; empty for the default one, or none. */
  String exchange();

  /** The routing key, or the queue if no exchange was named. */
  String routingKey();

  /** Whether it went to an exchange, and to no known queue. */
  boolean isForExchange();

  MessageProperties properties();

  @Nullable String id();

  byte[] body();

  @Nullable String contentType();

  Map<String, Object> headers();

  /** The payload, of any type. */
  Object payload() throws MismatchException;

  /** Equal to the expected payload, or of its type. */
  Object payloadLike(Object expected) throws MismatchException;

  /** Whether a missing encoder may be the reason why a body is not JSON. */
  boolean shouldBeJson();

  /** The payload, for the reader of a failed test. */
  String printedPayload();

  /** The payload as this type. */
  <T> T payloadAs(Class<T> type) throws MismatchException;

  /** Its stage; null for a message of a real broker. */
  RecordedEvent.@Nullable Stage stage();

  /** Its stage, for the reader of a failed test. */
  default String whereItIs() {
    return String.valueOf(stage());
  }

  /** In one line. */
  @Override
  String toString();

  /** Tells why an event is not the expected one, or why that cannot be decided. */
  final class MismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean undecided;

    private MismatchException(String why, boolean undecided) {
      super(why);
      this.undecided = undecided;
    }

    /** It is another event. */
    MismatchException(String why) {
      this(why, false);
    }

    /** It may be the expected event: the condition cannot be tried on it. */
    static MismatchException undecided(String why) {
      return new MismatchException(why, true);
    }

    boolean isUndecided() {
      return undecided;
    }

    MismatchException withMessage(String message) {
      return new MismatchException(message, undecided);
    }
  }

  /** An event of an {@link InMemoryEventCollector}. */
  record Recorded(RecordedEvent recorded, EnqueuedPayload enqueued) implements Candidate {

    Recorded(RecordedEvents.Placed placed) {
      this(placed.event(), placed.payload());
    }

    @Override
    public String queue() {
      return recorded.queue();
    }

    @Override
    public String exchange() {
      Exchange exchange = recorded.event().exchange();
      return exchange == null ? "" : exchange.name();
    }

    @Override
    public String routingKey() {
      return recorded.event().queue();
    }

    @Override
    public boolean isForExchange() {
      return !exchange().isEmpty();
    }

    @Override
    public MessageProperties properties() {
      return recorded.event().properties();
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
    public Object payload() throws MismatchException {
      if (enqueued.wasChanged()) {
        throw MismatchException.undecided(
            "was changed after it was enqueued, so it is not what was sent; enqueue a copy, or"
                + " compare by withJson(...)");
      }
      return recorded.payload();
    }

    @Override
    public Object payloadLike(Object expected) throws MismatchException {
      return payload();
    }

    @Override
    public boolean shouldBeJson() {
      return !(recorded.payload() instanceof CharSequence)
          && !(recorded.payload() instanceof byte[]);
    }

    @Override
    public String printedPayload() {
      return Printout.text(recorded.payload());
    }

    @Override
    public <T> T payloadAs(Class<T> type) throws MismatchException {
      if (type.isInstance(recorded.payload())) {
        return type.cast(payload());
      }
      throw new MismatchException(
          String.format(
              Locale.ROOT,
              "is a %s, not a %s",
              recorded.payload().getClass().getTypeName(),
              type.getTypeName()));
    }

    @Override
    public RecordedEvent.Stage stage() {
      return recorded.stage();
    }

    @Override
    public String whereItIs() {
      if (recorded.stage() != RecordedEvent.Stage.COLLECTED) {
        return recorded.stage().toString();
      }
      String collected = "COLLECTED, and no unit of work has published it";
      return recorded.thread().equals(Thread.currentThread().getName())
          ? collected
          : String.format(
              Locale.ROOT,
              "%s; on thread %s perhaps no unit was bound: see UnitsOfWork.wrap",
              collected,
              recorded.thread());
    }

    @Override
    public String toString() {
      return Printout.of(recorded);
    }
  }

  /** A message of a real broker. */
  record Received(ReceivedMessage message, @Nullable PayloadDecoder decoder) implements Candidate {

    @Override
    public String queue() {
      return message.queue();
    }

    @Override
    public String exchange() {
      return message.exchange();
    }

    @Override
    public String routingKey() {
      return message.routingKey();
    }

    @Override
    public boolean isForExchange() {
      return false;
    }

    @Override
    public MessageProperties properties() {
      return message.properties();
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
    public Object payloadLike(Object expected) throws MismatchException {
      return payloadAs(expected.getClass());
    }

    @Override
    public boolean shouldBeJson() {
      return String.valueOf(contentType()).contains("json");
    }

    @Override
    public String printedPayload() {
      return Printout.text(payload());
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
        throw MismatchException.undecided(
            String.format(
                Locale.ROOT, "cannot be decoded as %s: %s", type.getTypeName(), e.getMessage()));
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
