package dev.eventcollector.examples.webhooks.demo;

import dev.eventcollector.EventCollector;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import java.io.Closeable;
import java.util.List;

/** The broker of the demo, in this process. */
public interface DemoBroker extends AutoCloseable {

  /** The one that is asked for; RabbitMQ's kind unless it is Faktory's stand-in. */
  static DemoBroker of(Settings settings) {
    return settings.faktoryUrl() == null ? new DemoAmqp() : new DemoFaktory();
  }

  /** By which the app finds it, and retries soon. */
  List<String> flags();

  /** Starts to take workflow runs out of their queue. */
  Closeable takeRuns(EventCollector events, DeliveryHandler handler);

  /** So many deliveries wait for another attempt, or have had it; sees to it that it comes soon. */
  void onRetries(long count);

  /** Goes away. */
  void stop() throws InterruptedException;

  /** Comes back, with all that it had. */
  void restart();

  @Override
  void close();
}
