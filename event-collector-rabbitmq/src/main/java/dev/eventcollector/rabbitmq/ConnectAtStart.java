package dev.eventcollector.rabbitmq;

/** Whether a {@link RabbitMqEventPublisher} connects while it is being built. */
public enum ConnectAtStart {
  /** It connects when the first chunk is published. */
  LATER,
  /**
   * It connects, and one WARN says so when that fails; it tries again when the first chunk is
   * published. For services that may start before their broker.
   */
  WARN,
  /**
   * It connects, and {@code build()} throws when that fails: a wrong password or address stops the
   * deployment, and not the first event.
   */
  FAIL
}
