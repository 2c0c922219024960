package dev.eventcollector.spring;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.outbox.OutboxState;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The collector's counters and, where there is an outbox, what waits in it. No payloads. */
@Endpoint(id = "eventcollector")
final class EventCollectorEndpoint {

  private final @Nullable PublishingEventCollector collector;

  EventCollectorEndpoint(@Nullable PublishingEventCollector collector) {
    this.collector = collector;
  }

  /** The endpoint's answer. */
  record State(@Nullable CollectorState collector, @Nullable OutboxState outbox) {}

  /** Everything that there is to tell, now. */
  @ReadOperation
  State state() {
    if (collector == null) {
      return new State(null, null); // one of another kind, such as that of a test
    }
    return new State(
        collector.state(),
        collector.eventStore().orElse(null) instanceof JdbcOutbox outbox ? outbox.state() : null);
  }
}
