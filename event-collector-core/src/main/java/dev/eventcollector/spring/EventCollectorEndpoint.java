package dev.eventcollector.spring;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.outbox.OutboxState;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The collector's counters and, where there is an outbox, what waits in it. No payloads. */
@Endpoint(id = "eventcollector")
final class EventCollectorEndpoint {

  private final PublishingEventCollector collector;
  private final Supplier<@Nullable JdbcOutbox> outbox;

  EventCollectorEndpoint(
      PublishingEventCollector collector, Supplier<@Nullable JdbcOutbox> outbox) {
    this.collector = collector;
    this.outbox = outbox;
  }

  /** The endpoint's answer. */
  record State(CollectorState collector, @Nullable OutboxState outbox) {}

  /** Everything that there is to tell, now. */
  @ReadOperation
  State state() {
    JdbcOutbox used = outbox.get();
    return new State(collector.state(), used == null ? null : used.state());
  }
}
