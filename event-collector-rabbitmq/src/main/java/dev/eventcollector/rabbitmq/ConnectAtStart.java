package dev.eventcollector.rabbitmq;

/**
 * Whether a {@link RabbitMqEventPublisher} connects while it is being built, and a {@link
 * RabbitMqWorker} while it is being started.
 */
public enum ConnectAtStart {
  /** A publisher connects when the first chunk is published, a worker in the background. */
  LATER,
  /**
   * They connect, and one WARN says so when that fails. A publisher tries again when the first
   * chunk is published, a worker in the background. For services that may start before their
   * broker.
   */
  WARN,
  /**
   * They connect, and {@code build()} or {@code start()} throws when that fails: a wrong password
   * or address stops the deployment, and not the first event.
   */
  FAIL
}
