package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What Spring Boot takes for its default: {@code ${NAME:}}, when there is no such variable. */
class BlankPropertiesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "addresses= port=PORT virtual-host=",
        "addresses=guest:guest@localhost:PORT/ virtual-host=other",
        "addresses=amqp://guest:guest@localhost:PORT/",
        "addresses=amqp://localhost:1/,localhost:PORT virtual-host=other",
        "addresses=localhost:PORT port= connection-timeout= requested-heartbeat=",
        "port=PORT ssl.bundle= ssl.trust-store= ssl.key-store="
      })
  void should_use_the_default_when_a_property_is_blank(String properties) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        WatchedBroker watched = new WatchedBroker(broker.port(), Duration.ZERO)) {
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withPropertyValues("event-collector.rabbitmq.connect-at-start=fail")
          .withPropertyValues(
              ("spring.rabbitmq." + properties.replace(" ", " spring.rabbitmq."))
                  .replace("PORT", String.valueOf(watched.port()))
                  .split(" ", -1))
          .run(
              context -> {
                assertThat(context).hasNotFailed();
                assertThat(watched.virtualHosts()).containsOnly("/");
              });
    }
  }
}
