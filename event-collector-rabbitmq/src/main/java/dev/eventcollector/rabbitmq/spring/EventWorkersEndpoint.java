package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.rabbitmq.RabbitMqWorker;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The state of each worker. No payloads. */
@Endpoint(id = "eventworkers")
final class EventWorkersEndpoint {

  private final EventWorkers workers;

  EventWorkersEndpoint(EventWorkers workers) {
    this.workers = workers;
  }

  /**
   * Of one worker.
   *
   * @param dead how many deliveries the dead-letter queue has; null when the broker does not tell
   */
  record State(boolean consuming, @Nullable String trouble, int held, @Nullable Long dead) {}

  /** By queue. Asks the broker for the number of dead deliveries. */
  @ReadOperation
  Map<String, State> state() {
    Map<String, State> states = new LinkedHashMap<>();
    for (Map.Entry<String, RabbitMqWorker> one : workers.workers().entrySet()) {
      RabbitMqWorker worker = one.getValue();
      states.put(
          one.getKey(),
          new State(
              worker.isConsuming(),
              worker.trouble(),
              worker.heldDeliveries(),
              workers.countDead(one.getKey())));
    }
    return states;
  }
}
