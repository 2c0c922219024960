package dev.eventcollector.testkit;

import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.PublishingEventCollectorBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Configures an {@link InMemoryEventCollector}.
 *
 * <pre>{@code
 * InMemoryEventCollector.builder()
 *     .encoder(PayloadEncoder.json(objectMapper::writeValueAsBytes))
 *     .settings(settings -> settings.maxPendingEvents(10))
 *     .build();
 * }</pre>
 *
 * <p>Not safe for use by many threads. May build several collectors, if no publisher is set or they
 * may share it.
 */
public final class InMemoryEventCollectorBuilder {

  private @Nullable ScriptedEventPublisher publisher;
  private PayloadEncoder encoder = InMemoryEventCollectorBuilder::encodeAnything;
  private EventCollectorListener listener = new EventCollectorListener() {};
  private Consumer<PublishingEventCollectorBuilder> settings = settings -> {};

  InMemoryEventCollectorBuilder() {}

  /**
   * Turns payloads into bytes. Defaults to byte[] and text as they are, and the {@code toString()}
   * of any other payload. Set your service's encoder to get its limits and its JSON.
   */
  public InMemoryEventCollectorBuilder encoder(PayloadEncoder value) {
    encoder = Objects.requireNonNull(value, "encoder");
    return this;
  }

  /** The publisher in place of a broker. Defaults to a new one, which confirms everything. */
  public InMemoryEventCollectorBuilder publisher(ScriptedEventPublisher value) {
    publisher = Objects.requireNonNull(value, "publisher");
    return this;
  }

  /** Receives event callbacks, besides the record. Defaults to none. */
  public InMemoryEventCollectorBuilder listener(EventCollectorListener value) {
    listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /**
   * Changes the settings of the real collector: limits, timeouts, retries, undeliverable handler.
   * Set encoder and listener here instead. Defaults to those of production, except for settings
   * that make a test slow or noisy: a publish timeout of 1 second, a first retry after 10 and later
   * ones after at most 100 milliseconds, no draining at the end, and an undeliverable handler that
   * does nothing.
   */
  public InMemoryEventCollectorBuilder settings(Consumer<PublishingEventCollectorBuilder> value) {
    settings = Objects.requireNonNull(value, "settings");
    return this;
  }

  /**
   * The collector.
   *
   * @throws IllegalArgumentException when settings are wrong; the message names all of them
   */
  public InMemoryEventCollector build() {
    ScriptedEventPublisher scripted = publisher == null ? new ScriptedEventPublisher() : publisher;
    EventLog log = new EventLog(encoder);
    return new InMemoryEventCollector(scripted, log, buildReal(scripted, log));
  }

  private PublishingEventCollector buildReal(EventPublisher scripted, EventLog log) {
    PublishingEventCollectorBuilder real =
        PublishingEventCollector.builder(scripted)
            .publishTimeout(Duration.ofSeconds(1))
            .firstRetryDelay(Duration.ofMillis(10))
            .maxRetryDelay(Duration.ofMillis(100))
            .drainTimeout(Duration.ZERO)
            .undeliverableHandler(undeliverable -> {});
    settings.accept(real);
    return real.encoder(encoder).listener(log).listener(listener).build();
  }

  private static PayloadEncoder.Encoded encodeAnything(Object payload) throws Exception {
    return payload instanceof byte[] || payload instanceof CharSequence
        ? PayloadEncoder.bytesAndText().encode(payload)
        : new PayloadEncoder.Encoded(
            String.valueOf(payload).getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
  }
}
