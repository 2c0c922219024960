package dev.eventcollector.examples.autoconfiguration;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The ways to tell where the broker is, for the publisher and for workers. */
class ConnectionTest {

  private static final String BUNDLE =
      "spring.ssl.bundle.jks.broker.truststore.location=KEYS"
          + " spring.ssl.bundle.jks.broker.truststore.password=changeit"
          + " spring.rabbitmq.ssl.bundle=broker";
  private static final String STORE =
      "spring.rabbitmq.ssl.trust-store=KEYS spring.rabbitmq.ssl.trust-store-password=changeit";

  @TempDir static Path folder;
  private static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start();
  private static TlsProxy tls;

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withBean(Forwarding.class);

  @BeforeAll
  static void speakTls() throws Exception {
    tls = new TlsProxy(EMBEDDED.port(), folder);
  }

  @AfterAll
  static void stop() throws Exception {
    tls.close();
    EMBEDDED.close();
  }

  /** Publishes what it gets. */
  static class Forwarding {
    @EventWorker(queue = "in")
    void forward(String payload, EventCollector events) {
      events.enqueueEvent(payload, "out");
    }
  }

  private static void publishesAndConsumes(ApplicationContextRunner runner) {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("in");
      broker.declareQueue("out");
      runner.run(
          context -> {
            assertThat(context).hasNotFailed();
            context.getBean(EventCollector.class).enqueueEvent("through", "in");
            assertThat(broker)
                .queue("out")
                .within(Duration.ofSeconds(60))
                .received(event().withPayload("through"));
          });
    }
  }

  static Stream<String> secure() {
    return Stream.of(
        "spring.rabbitmq.addresses=HOST " + BUNDLE,
        "spring.rabbitmq.addresses=HOST spring.rabbitmq.ssl.enabled=true " + STORE,
        "spring.rabbitmq.addresses=amqps://HOST " + STORE);
  }

  private static String[] properties(String properties) {
    return properties
        .replace("HOST", "localhost:" + tls.port())
        .replace("KEYS", "file:" + tls.keys())
        .split(" ", -1);
  }

  @ParameterizedTest
  @MethodSource("secure")
  void should_speak_tls(String properties) {
    publishesAndConsumes(runner.withPropertyValues(properties(properties)));
  }

  @ParameterizedTest
  @MethodSource("secure")
  void should_speak_tls_when_spring_amqp_tells_where_the_broker_is(String properties) {
    publishesAndConsumes(
        runner
            .withConfiguration(AutoConfigurations.of(RabbitAutoConfiguration.class))
            .withPropertyValues(properties(properties)));
  }

  @ParameterizedTest
  @MethodSource("secure")
  void should_refuse_to_trust_everybody(String properties) {
    runner
        .withPropertyValues(properties(properties))
        .withPropertyValues("spring.rabbitmq.ssl.validate-server-certificate=false")
        .run(
            context ->
                assertThat(Analyses.of(context.getStartupFailure()).getDescription())
                    .contains("spring.rabbitmq.* are wrong")
                    .contains("ssl.validate-server-certificate is false"));
  }

  /** As Spring Boot does. */
  @Test
  void should_use_the_account_of_the_first_address_when_another_one_names_none() {
    publishesAndConsumes(
        runner.withPropertyValues(
            "spring.rabbitmq.addresses=amqp://guest:guest@localhost:1,localhost:" + EMBEDDED.port(),
            "spring.rabbitmq.username=nobody"));
  }

  @Test
  void should_put_a_host_in_brackets_when_it_is_an_ipv6_address() {
    runner
        .withPropertyValues(
            "spring.rabbitmq.host=::1",
            "spring.rabbitmq.port=1",
            "event-collector.rabbitmq.connect-at-start=fail")
        .run(context -> assertThat(context).getFailure().hasStackTraceContaining("amqp://[::1]:1"));
  }

  /** As Docker Compose and service connections of Testcontainers give them. */
  private record Details(int port, Map<String, String> account) implements RabbitConnectionDetails {

    @Override
    public String getUsername() {
      return account.getOrDefault("user", "guest");
    }

    @Override
    public String getPassword() {
      return account.getOrDefault("password", "guest");
    }

    @Override
    public List<Address> getAddresses() {
      List<Address> addresses = new ArrayList<>();
      addresses.add(new Address("127.0.0.1", port));
      return addresses;
    }
  }

  @Test
  void should_go_where_the_connection_details_of_the_context_say() {
    publishesAndConsumes(
        runner
            .withConfiguration(AutoConfigurations.of(RabbitAutoConfiguration.class))
            .withBean(RabbitConnectionDetails.class, () -> new Details(EMBEDDED.port(), Map.of()))
            .withPropertyValues("spring.rabbitmq.addresses=localhost:1"));
  }
}
