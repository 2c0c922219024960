package dev.eventcollector.testkit.broker;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/** RabbitMQ by Testcontainers. */
final class RabbitMqInDocker {

  private static final int AMQP_PORT = 5672;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private RabbitMqInDocker() {}

  @SuppressWarnings("resource") // the returned broker closes it
  static RunningBroker start(String image) throws BrokerUnavailableException {
    DockerImages.require(image);
    RabbitMQContainer container =
        new RabbitMQContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rabbitmq"));
    container.setWaitStrategy(new AmqpHandshake(container).withStartupTimeout(START_TIMEOUT));
    try {
      container.start();
      return new RunningBrokers.Remote(
          BrokerKind.TESTCONTAINERS, container.getAmqpUrl(), container::stop);
    } catch (RuntimeException e) {
      container.stop();
      throw new BrokerUnavailableException("image " + image + " does not start: " + rootCause(e));
    }
  }

  private static Throwable rootCause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Waits until RabbitMQ answers: what it logs, and where, differs from image to image. */
  private static final class AmqpHandshake extends AbstractWaitStrategy {

    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    private final RabbitMQContainer container;

    AmqpHandshake(RabbitMQContainer container) {
      this.container = container;
    }

    @Override
    protected void waitUntilReady() {
      long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(startupTimeout);
      String uri =
          String.format(
              Locale.ROOT,
              "amqp://%s:%s@%s:%d",
              container.getAdminUsername(),
              container.getAdminPassword(),
              waitStrategyTarget.getHost(),
              waitStrategyTarget.getMappedPort(AMQP_PORT));
      try (AmqpConnector connector = new AmqpConnector("container", uri)) {
        while (true) {
          try {
            connector.product();
            return;
          } catch (UncheckedIOException e) {
            if (System.nanoTime() > deadline || !container.isRunning()) {
              throw e;
            }
            LockSupport.parkNanos(POLL_NANOS);
          }
        }
      }
    }
  }
}
