package dev.eventcollector.rabbitmq;

import java.util.Objects;

/**
 * With what a connection is opened.
 *
 * <pre>{@code
 * RabbitMqEventPublisher.builder()
 *     .uri("amqp://broker/vhost")
 *     .credentials(() -> new Credentials("shop", vault.read("rabbitmq-password")));
 * }</pre>
 *
 * <p>Immutable. Its text form tells nothing.
 *
 * @param userName of the broker's user
 * @param password of that user
 */
public record Credentials(String userName, String password) {

  /** Checks that neither is null. */
  public Credentials {
    Objects.requireNonNull(userName, "userName");
    Objects.requireNonNull(password, "password");
  }

  /** Neither user name nor password. */
  @Override
  public String toString() {
    return "Credentials[hidden]";
  }
}
