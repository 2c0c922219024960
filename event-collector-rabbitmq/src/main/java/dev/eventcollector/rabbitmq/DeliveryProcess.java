package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The way of one delivery, from the broker to its acknowledgement. */
final class DeliveryProcess {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  /** Counts what quorum queues deliver again (RabbitMQ, "Quorum Queues", poison messages). */
  private static final String DELIVERY_COUNT = "x-delivery-count";

  /** Names the delivery on every log line about it, the handler's included. */
  private static final String MESSAGE_ID = "messageId";

  private static final long GIVE_BACK_MILLIS = 1_000;

  private final WorkerSettings settings;
  private final RetryQueues retryQueues;
  private final Attempt attempt;
  private final ScheduledExecutorService timer;
  private final BooleanSupplier stopping;
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

  DeliveryProcess(
      WorkerSettings settings,
      RetryQueues retryQueues,
      Attempt attempt,
      ScheduledExecutorService timer,
      BooleanSupplier stopping) {
    this.settings = settings;
    this.stopping = stopping;
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
    try (MDC.MDCCloseable inLog = MDC.putCloseable(MESSAGE_ID, idIn(delivery))) {
      handle(from, envelope, properties, delivery);
    }
  }

  private static String idIn(Delivery delivery) {
    String id = delivery.messageId();
    return id == null ? "none" : id;
  }

  private void handle(
      Channel from, Envelope envelope, BasicProperties properties, Delivery delivery) {
    try {
      Consumer<RabbitMqWorkerListener> end = settle(delivery, properties);
      from.basicAck(envelope.getDeliveryTag(), false);
      tell(end);
    } catch (IOException | RuntimeException e) {
      // Not acknowledged, so it comes again; when the channel still works, after a pause.
      String reason = Reasons.of(e);
      LOGGER.warn("{} will come again: {}", delivery, reason);
      giveBackLater(from, envelope.getDeliveryTag());
      tell(listener -> listener.onGivenBack(delivery, reason));
    }
  }

  /** Returns when the delivery can be acknowledged, with what the listener is told then. */
  private Consumer<RabbitMqWorkerListener> settle(Delivery delivery, BasicProperties properties)
      throws IOException {
    String id = delivery.messageId();
    if (isPoison(delivery)) {
      String reason = "delivered more than %d times".formatted(settings.maxDeliveries());
      return park(delivery, properties, new Failure(reason, null));
    }
    if (id == null || settings.completedDeliveries() == CompletedDeliveries.none()) {
      return attempt(delivery, properties, () -> {});
    }
    if (!inProgress.add(id)) {
      throw new IOException("another delivery with the same id is being handled");
    }
    try {
      return attemptOnce(delivery, properties, id);
    } finally {
      inProgress.remove(id);
    }
  }

  private Consumer<RabbitMqWorkerListener> attemptOnce(
      Delivery delivery, BasicProperties properties, String id) throws IOException {
    try {
      if (settings.completedDeliveries().contains(id)) {
        LOGGER.info("{} was completed before and is dropped", delivery);
        return listener -> listener.onDuplicate(delivery);
      }
      return attempt(delivery, properties, () -> settings.completedDeliveries().add(id));
    } catch (RuntimeException e) {
      throw new IOException("the memory of completed deliveries failed: " + e, e);
    }
  }

  private Consumer<RabbitMqWorkerListener> attempt(
      Delivery delivery, BasicProperties properties, Runnable whenCompleted) throws IOException {
    long start = System.nanoTime();
    Failure failure = attempt.make(delivery);
    if (failure != null && stopping.getAsBoolean()) {
      // Perhaps only because it was interrupted; the broker gets it back as it was.
      throw new IOException("the worker was closed meanwhile; " + failure.reason());
    }
    if (failure != null) {
      return failed(delivery, properties, failure);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    whenCompleted.run();
    return listener -> listener.onCompleted(delivery, took);
  }

  private boolean isPoison(Delivery delivery) {
    return delivery.headers().get(DELIVERY_COUNT) instanceof Number count
        && count.longValue() >= settings.maxDeliveries();
  }

  private Consumer<RabbitMqWorkerListener> failed(
      Delivery delivery, BasicProperties properties, Failure failure) throws IOException {
    if (failure.cause() instanceof RejectDeliveryException rejected) {
      Failure said = new Failure(String.valueOf(rejected.getMessage()), rejected.getCause());
      if (rejected.isDropped()) {
        LOGGER.info("{} is dropped: {}", delivery, said.reason());
        return listener -> listener.onDropped(delivery, said.reason());
      }
      return park(delivery, properties, said);
    }
    Duration delay = retryQueues.delayAfter(delivery.attempt());
    if (delay == null) {
      return park(delivery, properties, failure);
    }
    retryQueues.delay(properties, delivery.body(), failure, delay);
    warn(delivery, failure, "will be tried again in " + delay);
    return listener -> listener.onRetry(delivery, delay, failure.reason());
  }

  private Consumer<RabbitMqWorkerListener> park(
      Delivery delivery, BasicProperties properties, Failure failure) throws IOException {
    retryQueues.park(properties, delivery.body(), failure);
    warn(delivery, failure, "is parked in " + settings.deadQueue());
    return listener -> listener.onDead(delivery, failure.reason());
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
    for (RabbitMqWorkerListener listener : settings.listeners()) {
      try {
        what.accept(listener);
      } catch (Throwable e) { // errors too, so that the others hear of it
        LOGGER.warn("a listener failed: {}", listener, e);
      }
    }
  }
}
