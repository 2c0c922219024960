package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of one delivery, from the broker to its acknowledgement. */
final class DeliveryProcess {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  /** Counts what quorum queues deliver again (RabbitMQ, "Quorum Queues", poison messages). */
  private static final String DELIVERY_COUNT = "x-delivery-count";

  private static final long GIVE_BACK_MILLIS = 1_000;

  private final WorkerSettings settings;
  private final RetryQueues retryQueues;
  private final Attempt attempt;
  private final ScheduledExecutorService timer;

  DeliveryProcess(
      WorkerSettings settings,
      RetryQueues retryQueues,
      Attempt attempt,
      ScheduledExecutorService timer) {
    this.settings = settings;
    this.retryQueues = retryQueues;
    this.attempt = attempt;
    this.timer = timer;
  }

  void handle(Channel from, Envelope envelope, BasicProperties properties, byte[] body) {
    Map<String, Object> headers = Failure.headersOf(properties);
    Delivery delivery =
        new Delivery(
            settings.queue(),
            properties.getMessageId(),
            body,
            properties.getContentType(),
            headers,
            Failure.failedAttempts(headers) + 1,
            envelope.isRedeliver());
    try {
      settle(delivery, properties);
      from.basicAck(envelope.getDeliveryTag(), false);
    } catch (IOException | ShutdownSignalException e) {
      // Not acknowledged, so it comes again; when the channel still works, after a pause.
      LOGGER.warn("{} will come again: {}", delivery, Reasons.of(e));
      giveBackLater(from, envelope.getDeliveryTag());
    }
  }

  /** Returns when the delivery can be acknowledged. */
  private void settle(Delivery delivery, BasicProperties properties) throws IOException {
    if (isPoison(delivery)) {
      Failure failure =
          new Failure("delivered more than %d times".formatted(settings.maxDeliveries()), null);
      park(delivery, properties, failure);
      return;
    }
    long start = System.nanoTime();
    Failure failure;
    try {
      if (isDuplicate(delivery)) {
        LOGGER.info("{} was completed before and is dropped", delivery);
        tell(listener -> listener.onDuplicate(delivery));
        return;
      }
      failure = attempt.make(delivery);
      if (failure == null && delivery.messageId() != null) {
        settings.completedDeliveries().add(delivery.messageId());
      }
    } catch (RuntimeException e) {
      failure = Failure.of(e); // from completedDeliveries
    }
    if (failure == null) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      tell(listener -> listener.onCompleted(delivery, took));
    } else {
      failed(delivery, properties, failure);
    }
  }

  private boolean isPoison(Delivery delivery) {
    return delivery.headers().get(DELIVERY_COUNT) instanceof Number count
        && count.longValue() >= settings.maxDeliveries();
  }

  private boolean isDuplicate(Delivery delivery) {
    String id = delivery.messageId();
    return id != null && settings.completedDeliveries().contains(id);
  }

  private void failed(Delivery delivery, BasicProperties properties, Failure failure)
      throws IOException {
    if (failure.cause() instanceof RejectDeliveryException rejected) {
      Failure said = new Failure(String.valueOf(rejected.getMessage()), rejected.getCause());
      if (rejected.isDropped()) {
        LOGGER.info("{} is dropped: {}", delivery, said.reason());
        tell(listener -> listener.onDropped(delivery, said.reason()));
      } else {
        park(delivery, properties, said);
      }
      return;
    }
    Duration delay = retryQueues.delayAfter(delivery.attempt());
    if (delay == null) {
      park(delivery, properties, failure);
      return;
    }
    retryQueues.delay(properties, delivery.body(), failure, delay);
    warn(delivery, failure, "will be tried again in " + delay);
    tell(listener -> listener.onRetry(delivery, delay, failure.reason()));
  }

  private void park(Delivery delivery, BasicProperties properties, Failure failure)
      throws IOException {
    retryQueues.park(properties, delivery.body(), failure);
    warn(delivery, failure, "is parked in " + settings.deadQueue());
    tell(listener -> listener.onDead(delivery, failure.reason()));
  }

  private static void warn(Delivery delivery, Failure failure, String what) {
    @Nullable Throwable cause = failure.cause();
    if (cause == null) {
      LOGGER.warn("{} failed and {}: {}", delivery, what, failure.reason());
    } else {
      LOGGER.warn("{} failed and {}", delivery, what, cause);
    }
  }

  private void giveBackLater(Channel from, long tag) {
    try {
      timer.schedule(
          () -> {
            try {
              from.basicReject(tag, true);
            } catch (IOException | ShutdownSignalException e) {
              LOGGER.debug("the channel is closed, which has given the delivery back", e);
            }
          },
          GIVE_BACK_MILLIS,
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOGGER.debug("the worker is being closed, which gives the delivery back", e);
    }
  }

  private void tell(Consumer<RabbitMqWorkerListener> what) {
    try {
      what.accept(settings.listener());
    } catch (RuntimeException e) {
      LOGGER.warn("a listener failed: {}", settings.listener(), e);
    }
  }
}
