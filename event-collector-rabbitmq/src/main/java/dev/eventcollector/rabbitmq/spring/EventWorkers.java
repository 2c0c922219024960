package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.DeadLetters;
import dev.eventcollector.rabbitmq.DeadLettersBuilder;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.RabbitMqWorkerBuilder;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import dev.eventcollector.spring.TransactionUnits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * The workers of all {@link EventWorker} methods. They start last of all, and stop first: before
 * the collector is closed.
 */
final class EventWorkers implements SmartLifecycle {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  private final WorkerMethods methods;
  private final WorkerSetup setup;
  private final Parts parts;
  private final Map<String, RabbitMqWorker> running = new LinkedHashMap<>();
  private final Map<String, String> deadQueues = new ConcurrentHashMap<>();
  private final ThreadLocal<String> handling = new ThreadLocal<>();

  /** Beans that the workers are made of. */
  record Parts(
      RabbitMqAccess access,
      EventCollector collector,
      @Nullable CompletedDeliveries completed,
      @Nullable TransactionUnits transactions,
      List<RabbitMqWorkerListener> listeners,
      Function<String, @Nullable WorkerMeters> meters,
      UnaryOperator<DeliveryHandler> traces) {}

  /** Meters of one worker. */
  record WorkerMeters(RabbitMqWorkerListener listener, Consumer<RabbitMqWorker> gauges) {}

  EventWorkers(
      WorkerMethods methods, WorkerProperties properties, Environment environment, Parts parts) {
    this.methods = methods;
    this.setup = new WorkerSetup(properties, environment, parts);
    this.parts = parts;
  }

  /** By queue. */
  synchronized Map<String, RabbitMqWorker> workers() {
    return new LinkedHashMap<>(running);
  }

  /** Asks the broker; null when it does not answer. */
  @Nullable Long countDead(String queue) {
    DeadLettersBuilder builder = DeadLetters.builder().uris(parts.access().uris()).queue(queue);
    SSLContext tls = parts.access().sslContext();
    if (tls != null) {
      builder.sslContext(tls);
    }
    String deadQueue = deadQueues.get(queue);
    if (deadQueue != null) {
      builder.deadQueue(deadQueue);
    }
    try (DeadLetters dead = builder.build()) {
      return dead.count();
    } catch (IOException e) {
      LOGGER.debug("The dead deliveries of {} cannot be counted", queue, e);
      return null;
    }
  }

  @Override
  public synchronized void start() {
    if (!setup.properties().enabled()) {
      methods
          .all()
          .forEach(
              method ->
                  LOGGER.info(
                      "{} is off (event-collector.worker.enabled=false)", method.handler()));
      return;
    }
    Map<String, WorkerMethod> consumers = new HashMap<>();
    try {
      for (WorkerMethods.Found found : methods.all()) {
        String queue = queueOf(found);
        WorkerMethod other = consumers.put(queue, found.handler());
        if (other != null) {
          throw new InvalidWorkerException(
              found.handler().method(),
              "consumes the queue " + queue + ", as " + other + " does",
              "Consume each queue by one method. For more deliveries at the same time, raise its"
                  + " concurrency.");
        }
        running.put(queue, started(queue, found));
      }
      warnOfSharedMemory();
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  private void warnOfSharedMemory() {
    CompletedDeliveries memory = parts.completed();
    if (memory != null
        && running.size() > 1
        && memory != CompletedDeliveries.none()
        && running.keySet().stream().anyMatch(queue -> memory.ofQueue(queue) == memory)) {
      LOGGER.warn(
          "{} does not tell the queues {} apart: a message that comes to two of them is handled by"
              + " one worker only. Override ofQueue",
          memory.getClass().getName(),
          running.keySet());
    }
  }

  private RabbitMqWorker started(String queue, WorkerMethods.Found found) {
    EventWorker annotation = found.annotation();
    try {
      RabbitMqWorkerBuilder builder =
          setup.builder(queue, annotation, noting(queue, found.handler()));
      String deadQueue = setup.deadQueue(annotation);
      if (!deadQueue.isEmpty()) {
        deadQueues.put(queue, deadQueue);
      }
      WorkerMeters meters = parts.meters().apply(queue);
      if (meters != null) {
        builder.listener(meters.listener());
      }
      RabbitMqWorker worker = builder.start();
      if (meters != null) {
        meters.gauges().accept(worker);
      }
      return worker;
    } catch (IllegalArgumentException e) {
      throw wrongSettings(found, e);
    }
  }

  private String queueOf(WorkerMethods.Found found) {
    try {
      return setup.queue(found.annotation());
    } catch (IllegalArgumentException e) {
      throw wrongSettings(found, e);
    }
  }

  private static InvalidWorkerException wrongSettings(
      WorkerMethods.Found found, IllegalArgumentException e) {
    return new InvalidWorkerException(
        found.handler().method(),
        "has wrong settings: " + e.getMessage(),
        "Correct the attributes of the annotation that are named above, the properties of their"
            + " placeholders, or event-collector.worker.*.",
        e);
  }

  private DeliveryHandler noting(String queue, DeliveryHandler handler) {
    return (delivery, events) -> {
      handling.set(queue);
      try {
        handler.handle(delivery, events);
      } finally {
        handling.remove();
      }
    };
  }

  /**
   * Closes all of them at once, so that the longest of their timeouts is the bound. A worker method
   * that closes its context is not waited for: its worker notices only on this thread.
   */
  @Override
  public void stop() {
    List<Thread> closing = new ArrayList<>();
    for (Map.Entry<String, RabbitMqWorker> worker : takeAll().entrySet()) {
      if (worker.getKey().equals(handling.get())) {
        worker.getValue().close();
        continue;
      }
      Thread thread =
          new Thread(worker.getValue()::close, "event-collector-stop-" + worker.getKey());
      thread.start();
      closing.add(thread);
    }
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private synchronized Map<String, RabbitMqWorker> takeAll() {
    Map<String, RabbitMqWorker> all = workers();
    running.clear();
    return all;
  }

  @Override
  public synchronized boolean isRunning() {
    return !running.isEmpty();
  }
}
