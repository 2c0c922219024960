package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.RabbitMqWorkerBuilder;
import dev.eventcollector.spring.TransactionUnits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;

/** The settings of workers: attributes of annotations, properties for all of them, and beans. */
record WorkerSetup(WorkerProperties properties, Environment environment, EventWorkers.Parts parts) {

  String queue(EventWorker annotation) {
    return resolved("queue", annotation.queue());
  }

  /** Empty when it is the usual one. */
  String deadQueue(EventWorker annotation) {
    return resolved("deadQueue", annotation.deadQueue());
  }

  /**
   * Everything but metrics.
   *
   * @throws IllegalArgumentException when an attribute of the annotation cannot be read
   */
  RabbitMqWorkerBuilder builder(String queue, EventWorker annotation, DeliveryHandler method) {
    TransactionUnits transactions = parts.transactions();
    RabbitMqWorkerBuilder builder =
        RabbitMqWorker.builder()
            .uris(parts.access().uris())
            .connectionName(environment.getProperty("spring.application.name", "event-collector"))
            .connectAtStart(parts.access().connectAtStart())
            .queue(queue)
            .collector(parts.collector())
            .handler(
                parts
                    .traces()
                    .apply(
                        transactions == null
                            ? method
                            : new AfterTransactions(method, transactions)));
    SSLContext tls = parts.access().sslContext();
    if (tls != null) {
      builder.sslContext(tls);
    }
    if (parts.access().connectTimeout() != null) {
      builder.connectTimeout(parts.access().connectTimeout());
    }
    if (parts.access().heartbeat() != null) {
      builder.heartbeat(parts.access().heartbeat());
    }
    String concurrency = resolved("concurrency", annotation.concurrency());
    Integer workers = concurrency.isEmpty() ? properties.concurrency() : number(concurrency);
    if (workers != null) {
      builder.concurrency(workers);
    }
    String delays = resolved("retryDelays", annotation.retryDelays());
    List<Duration> retryDelays = delays.isEmpty() ? properties.retryDelays() : durations(delays);
    if (retryDelays != null) {
      builder.retryDelays(retryDelays.toArray(new Duration[0]));
    }
    String timeout = resolved("attemptTimeout", annotation.attemptTimeout());
    Duration attemptTimeout =
        timeout.isEmpty() ? properties.attemptTimeout() : duration("attemptTimeout", timeout);
    if (attemptTimeout != null) {
      builder.attemptTimeout(attemptTimeout);
    }
    String deadQueue = deadQueue(annotation);
    if (!deadQueue.isEmpty()) {
      builder.deadQueue(deadQueue);
    }
    if (properties.prefetch() != null) {
      builder.prefetch(properties.prefetch());
    }
    if (properties.stopTimeout() != null) {
      builder.stopTimeout(properties.stopTimeout());
    }
    if (properties.maxDeliveries() != null) {
      builder.maxDeliveries(properties.maxDeliveries());
    }
    if (parts.completed() != null) {
      builder.completedDeliveries(parts.completed());
    }
    parts.listeners().forEach(builder::listener);
    return builder;
  }

  private String resolved(String attribute, String text) {
    if (text.contains("#{")) {
      throw new IllegalArgumentException(
          attribute + " is " + text + ", but placeholders (${...}) only are resolved");
    }
    try {
      return environment.resolveRequiredPlaceholders(text).strip();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(attribute + ": " + e.getMessage(), e);
    }
  }

  private static Duration duration(String attribute, String text) {
    try {
      return DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          attribute + " must be written as 30s or 5m, but is \"" + text + "\"", e);
    }
  }

  private static Integer number(String concurrency) {
    try {
      return Integer.valueOf(concurrency);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("concurrency must be a number, but is " + concurrency, e);
    }
  }

  private static List<Duration> durations(String delays) {
    List<Duration> parsed = new ArrayList<>();
    for (String delay : delays.split(",")) {
      parsed.add(duration("retryDelays", delay.strip()));
    }
    return parsed;
  }
}
