package dev.eventcollector.examples.webhooks.queue;

import dev.eventcollector.examples.faktory.FaktoryWorkerListener;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.time.Duration;

/** Tells a listener of RabbitMQ's worker about deliveries that come from Faktory. */
record FaktoryListener(RabbitMqWorkerListener to) implements FaktoryWorkerListener {

  /** Faktory does not tell when it retries a job: after 15 seconds or more. */
  private static final Duration LEAST_DELAY = Duration.ofSeconds(15);

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    to.onCompleted(delivery, took);
  }

  @Override
  public void onDuplicate(Delivery delivery) {
    to.onDuplicate(delivery);
  }

  @Override
  public void onRetry(Delivery delivery, String reason) {
    to.onRetry(delivery, LEAST_DELAY, reason);
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    to.onDead(delivery, reason);
  }

  @Override
  public void onDropped(Delivery delivery, String reason) {
    to.onDropped(delivery, reason);
  }

  @Override
  public void onUnanswered(Delivery delivery, String reason) {
    to.onGivenBack(delivery, reason);
  }
}
