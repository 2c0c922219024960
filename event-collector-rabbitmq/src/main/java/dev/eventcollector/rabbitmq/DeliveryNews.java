package dev.eventcollector.rabbitmq;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Tells log and listeners what becomes of deliveries. Throws nothing, whatever they throw. */
final class DeliveryNews {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  private final List<RabbitMqWorkerListener> listeners;
  private final String deadQueue;

  DeliveryNews(List<RabbitMqWorkerListener> listeners, String deadQueue) {
    this.listeners = listeners;
    this.deadQueue = deadQueue;
  }

  void completed(DeliveryInHand one) {
    if (!listeners.isEmpty()) {
      Duration took = Duration.ofNanos(System.nanoTime() - one.beganNanos);
      tell(listener -> listener.onCompleted(one.delivery, took));
    }
  }

  void duplicate(DeliveryInHand one) {
    log(one, () -> LOGGER.info("{} was completed before and is dropped", one.delivery));
    tell(listener -> listener.onDuplicate(one.delivery));
  }

  void dropped(DeliveryInHand one, String reason) {
    log(one, () -> LOGGER.info("{} is dropped: {}", one.delivery, reason));
    tell(listener -> listener.onDropped(one.delivery, reason));
  }

  void retried(DeliveryInHand one, Duration delay, Failure failure) {
    warn(one, failure, "will be tried again in " + delay);
    tell(listener -> listener.onRetry(one.delivery, delay, failure.reason()));
  }

  void dead(DeliveryInHand one, Failure failure) {
    warn(one, failure, "is parked in " + deadQueue);
    tell(listener -> listener.onDead(one.delivery, failure.reason()));
  }

  void held(DeliveryInHand one, Obstacle obstacle) {
    log(one, () -> LOGGER.info("{} is held: {}", one.delivery, obstacle.reason()));
    tell(listener -> listener.onHeld(one.delivery, obstacle.reason()));
  }

  void givenBack(DeliveryInHand one, String reason) {
    log(one, () -> LOGGER.info("{} will come again: {}", one.delivery, reason));
    tell(listener -> listener.onGivenBack(one.delivery, reason));
  }

  private static void warn(DeliveryInHand one, Failure failure, String consequence) {
    @Nullable Throwable cause = failure.cause();
    log(
        one,
        () -> {
          try {
            if (cause != null) {
              LOGGER.warn("{} failed and {}", one.delivery, consequence, cause);
              return;
            }
          } catch (Throwable e) { // the logger asks the exception, which may throw in turn
            LOGGER.debug("the exception cannot be logged");
          }
          LOGGER.warn("{} failed and {}: {}", one.delivery, consequence, failure.reason());
        });
  }

  private static void log(DeliveryInHand one, Runnable line) {
    try {
      String id = one.id();
      MDC.put(Attempt.MESSAGE_ID, id == null ? "none" : id);
      try {
        line.run();
      } finally {
        MDC.remove(Attempt.MESSAGE_ID);
      }
    } catch (Throwable e) {
      // A log that fails must not keep the delivery from being settled.
    }
  }

  private void tell(Consumer<RabbitMqWorkerListener> what) {
    for (RabbitMqWorkerListener listener : listeners) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      try {
        what.accept(listener);
      } catch (Throwable e) { // errors as well, so that the other listeners are called
        try {
          LOGGER.warn("A listener failed: {}", listener.getClass().getName(), e);
        } catch (Throwable again) {
          LOGGER.warn("A listener failed: {}: {}", listener.getClass(), Described.of(e));
        }
      } finally {
        if (!interrupted) {
          Thread.interrupted(); // a flag that the listener left behind
        }
      }
    }
  }
}
