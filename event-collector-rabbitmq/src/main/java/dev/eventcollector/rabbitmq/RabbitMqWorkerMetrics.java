package dev.eventcollector.rabbitmq;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * Micrometer meters of a worker, for those who have micrometer-core on their class path. Every
 * meter has the tag {@code queue}.
 *
 * <pre>{@code
 * var metrics = new RabbitMqWorkerMetrics(registry, "orders");
 * var worker = RabbitMqWorker.builder().queue("orders").listener(metrics) ... .start();
 * metrics.watch(worker);
 * }</pre>
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>{@code event.collector.worker.deliveries}<td>counter of deliveries that the broker handed
 * out, by {@code outcome}: completed, duplicate, retried, dead, dropped, given_back; one that is
 * retried counts again
 * <tr><td>{@code event.collector.worker.handling}<td>timer of deliveries that were completed, from
 * the handler's start until the broker has confirmed its events
 * <tr><td>{@code event.collector.worker.consuming}<td>gauge, 1 or 0: 0 also while consuming is
 * paused because of trouble outside of the deliveries
 * <tr><td>{@code event.collector.worker.held}<td>gauge of deliveries that are kept unacknowledged
 * because of such trouble
 * </table>
 *
 * <p>Safe for use by many threads.
 */
public final class RabbitMqWorkerMetrics implements RabbitMqWorkerListener {

  private static final String PREFIX = "event.collector.worker.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter completed;
  private final Counter duplicate;
  private final Counter retried;
  private final Counter dead;
  private final Counter dropped;
  private final Counter givenBack;
  private final Timer handling;

  /** Registers the meters that are counted, so that they begin with 0. */
  public RabbitMqWorkerMetrics(MeterRegistry registry, String queue) {
    this.registry = registry;
    tags = Tags.of("queue", queue);
    completed = deliveries("completed");
    duplicate = deliveries("duplicate");
    retried = deliveries("retried");
    dead = deliveries("dead");
    dropped = deliveries("dropped");
    givenBack = deliveries("given_back");
    handling = registry.timer(PREFIX + "handling", tags);
  }

  private Counter deliveries(String outcome) {
    return registry.counter(PREFIX + "deliveries", tags.and("outcome", outcome));
  }

  /**
   * Registers the gauges, in place of those of an earlier worker of the queue. They do not keep the
   * worker from being freed.
   */
  public void watch(RabbitMqWorker worker) {
    gauge("consuming", worker, w -> w.isConsuming() ? 1 : 0);
    gauge("held", worker, RabbitMqWorker::heldDeliveries);
  }

  /** A registry keeps the first gauge of a name, which would tell of a closed worker for ever. */
  private void gauge(String name, RabbitMqWorker worker, ToDoubleFunction<RabbitMqWorker> value) {
    Gauge earlier = registry.find(PREFIX + name).tags(tags).gauge();
    if (earlier != null) {
      registry.remove(earlier);
    }
    Gauge.builder(PREFIX + name, worker, value).tags(tags).register(registry);
  }

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    completed.increment();
    handling.record(took);
  }

  @Override
  public void onDuplicate(Delivery delivery) {
    duplicate.increment();
  }

  @Override
  public void onRetry(Delivery delivery, Duration delay, String reason) {
    retried.increment();
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    dead.increment();
  }

  @Override
  public void onDropped(Delivery delivery, String reason) {
    dropped.increment();
  }

  @Override
  public void onGivenBack(Delivery delivery, String reason) {
    givenBack.increment();
  }
}
