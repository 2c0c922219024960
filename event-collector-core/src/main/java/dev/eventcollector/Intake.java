package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns a payload into an event when it is enqueued: encoded, small enough, sendable. */
final class Intake {

  private final PayloadEncoder encoder;
  private final EventCustomizer[] customizers;
  private final int maxEventBytes;
  private final EventPublisher publisher;
  private final @Nullable EventStore store;
  private final EventIds ids = new EventIds();

  Intake(CollectorSettings settings) {
    this.encoder = settings.encoder();
    this.customizers = settings.customizers().toArray(new EventCustomizer[0]);
    this.maxEventBytes = settings.maxEventBytes();
    this.publisher = settings.publisher();
    this.store = settings.store();
  }

  /** Throws {@link InvalidEventException} for an event that can never be sent. */
  Event event(Object payload, String queue, EventOptions given) {
    if (payload == null) {
      throw new InvalidEventException("the payload for queue " + queue + " is null");
    }
    EventOptions options = customized(payload, queue, Objects.requireNonNull(given, "options"));
    PayloadEncoder.Encoded encoded = encode(payload, queue);
    Event event =
        new Event(
            options.id() == null ? ids.next() : options.id(),
            queue,
            encoded.body(),
            options.contentType() == null ? encoded.contentType() : options.contentType(),
            options.headers(),
            options.exchange(),
            options.properties());
    publisher.validate(event);
    if (store != null) {
      store.validate(event);
    }
    return event;
  }

  private EventOptions customized(Object payload, String queue, EventOptions given) {
    EventOptions options = given;
    for (EventCustomizer customizer : customizers) {
      options = customizer.customize(payload, queue, options);
      if (options == null) {
        throw new InvalidEventException(
            "the customizer " + customizer.getClass().getName() + " answered with null");
      }
    }
    return options;
  }

  private PayloadEncoder.Encoded encode(Object payload, String queue) {
    PayloadEncoder.Encoded encoded;
    try {
      encoded = Objects.requireNonNull(encoder.encode(payload), "the encoder answered with null");
    } catch (Exception e) {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "a payload of type %s for queue %s cannot be encoded: %s",
              payload.getClass().getName(),
              queue,
              SafeLog.message(e)),
          e);
    }
    if (encoded.body().length > maxEventBytes) {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "a payload of type %s for queue %s has %d bytes, but at most %d are allowed (maxEventBytes)",
              payload.getClass().getName(),
              queue,
              encoded.body().length,
              maxEventBytes));
    }
    return encoded;
  }
}
