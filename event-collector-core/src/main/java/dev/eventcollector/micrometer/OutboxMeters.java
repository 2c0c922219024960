package dev.eventcollector.micrometer;

import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.outbox.OutboxState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of an outbox. */
final class OutboxMeters {

  private OutboxMeters() {}

  static void register(MeterRegistry registry, String prefix, Tags tags, JdbcOutbox outbox) {
    TimeGauge.builder(
            prefix + "oldest.age",
            outbox,
            TimeUnit.MILLISECONDS,
            o -> millisSince(o.state().oldestStoredAt()))
        .tags(tags)
        .register(registry);
    gauge(registry, prefix + "parked", tags, outbox, OutboxState::parked);
    gauge(registry, prefix + "undeleted", tags, outbox, OutboxState::undeleted);
    gauge(registry, prefix + "working", tags, outbox, s -> s.databaseTrouble() == null ? 1 : 0);
    FunctionCounter.builder(prefix + "takeovers", outbox, o -> o.state().takeOvers())
        .tags(tags)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry,
      String name,
      Tags tags,
      JdbcOutbox outbox,
      ToDoubleFunction<OutboxState> value) {
    Gauge.builder(name, outbox, o -> value.applyAsDouble(o.state())).tags(tags).register(registry);
  }

  private static double millisSince(@Nullable Instant then) {
    return then == null ? 0 : Math.max(0, Duration.between(then, Instant.now()).toMillis());
  }
}
