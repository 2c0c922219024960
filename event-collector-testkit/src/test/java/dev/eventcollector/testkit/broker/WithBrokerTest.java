package dev.eventcollector.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.eventcollector.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class WithBrokerTest {

  @Test
  void should_skip_and_say_why_when_the_broker_is_not_available() {
    Events containers =
        run(OnAmqpUri.class, Map.of("amqp.uri", "", "event.collector.brokers", ""))
            .containerEvents();

    containers
        .assertThatEvents()
        .haveExactly(1, event(skippedWithReason("amqp-uri is not available: AMQP_URI is not set")));
  }

  @Test
  void should_fail_when_a_demanded_broker_is_not_available() {
    Events tests =
        run(OnAmqpUri.class, Map.of("amqp.uri", "", "event.collector.brokers", "amqp-uri"))
            .testEvents();

    tests
        .assertThatEvents()
        .haveExactly(
            1,
            finishedWithFailure(
                message(
                    "amqp-uri is demanded by EVENT_COLLECTOR_BROKERS, but not available:"
                        + " AMQP_URI is not set")));
  }

  @Test
  void should_fail_without_telling_the_password_when_the_uri_does_not_answer() {
    String uri = "amqp://guest:secret@127.0.0.1:1";

    Events tests =
        run(OnAmqpUri.class, Map.of("amqp.uri", uri, "event.collector.brokers", "")).testEvents();

    tests
        .assertThatEvents()
        .haveExactly(
            1,
            finishedWithFailure(
                message(text -> text.contains("127.0.0.1:1") && !text.contains("secret"))));
  }

  @Test
  void should_skip_when_others_are_demanded() {
    Events containers =
        run(OnAmqpUri.class, Map.of("event.collector.brokers", "embedded")).containerEvents();

    containers
        .assertThatEvents()
        .haveExactly(
            1, event(skippedWithReason("amqp-uri is left out: EVENT_COLLECTOR_BROKERS=embedded")));
  }

  @Test
  void should_name_those_there_are_when_an_unknown_broker_is_demanded() {
    Events containers =
        run(OnAmqpUri.class, Map.of("event.collector.brokers", "kafka")).containerEvents();

    assertThat(containers.failed().stream())
        .singleElement()
        .asString()
        .contains("\"kafka\"", "[embedded, amqp-uri, testcontainers]");
  }

  @Test
  void should_give_each_test_a_broker_of_its_own_when_methods_take_it() {
    OfEachTest.URIS.clear();

    run(OfEachTest.class).testEvents().assertStatistics(stats -> stats.succeeded(2));

    assertThat(OfEachTest.URIS).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void should_give_all_tests_the_same_emptied_broker_when_the_class_takes_it() {
    run(OfTheClass.class).testEvents().assertStatistics(stats -> stats.succeeded(3));
  }

  @Test
  void should_skip_only_missing_brokers_when_a_test_runs_on_every_broker() {
    Map<String, String> nothingElse = Map.of("event.collector.brokers", "embedded");

    Events tests = run(OnEvery.class, nothingElse).testEvents();

    tests.assertStatistics(stats -> stats.succeeded(1).skipped(2));
    assertThat(tests.finished().stream())
        .extracting(event -> event.getTestDescriptor().getDisplayName())
        .containsExactly("on embedded");
  }

  @Test
  void should_report_class_and_broker_when_a_file_is_named(@TempDir Path folder) throws Exception {
    Path report = folder.resolve("brokers");
    Map<String, String> parameters =
        Map.of(
            "event.collector.brokers",
            "embedded",
            "event.collector.broker.report",
            report.toString());

    run(OnEvery.class, parameters);
    run(OfEachTest.class, parameters);

    assertThat(report).content().contains("OnEvery\tembedded: ", "OfEachTest\tembedded: ");
    assertThat(Files.readAllLines(report)).hasSize(2).allMatch(line -> line.contains(" at 127."));
  }

  private static EngineExecutionResults run(Class<?> testClass) {
    return run(testClass, Map.of("event.collector.brokers", "embedded"));
  }

  private static EngineExecutionResults run(Class<?> testClass, Map<String, String> parameters) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameters(parameters)
        .selectors(selectClass(testClass))
        .execute();
  }

  @WithBroker(BrokerKind.AMQP_URI)
  static class OnAmqpUri {
    @Test
    void test(Broker broker) {
      broker.hasQueue("any");
    }
  }

  @WithBroker
  static class OfEachTest {
    static final List<String> URIS = new CopyOnWriteArrayList<>();

    @BeforeEach
    void declare(Broker broker) {
      broker.declareQueue("orders");
    }

    @Test
    void first(Broker broker) {
      check(broker);
    }

    @Test
    void second(Broker broker) {
      check(broker);
    }

    private static void check(Broker broker) {
      URIS.add(broker.uri());
      assertThat(broker.messageCount("orders")).isZero();
      broker.send(new Event("id", "orders", new byte[0], null, Map.of()));
    }
  }

  @WithBroker
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class OfTheClass {
    static String uri;

    @BeforeAll
    static void declare(Broker broker) {
      uri = broker.uri();
      broker.declareQueue("orders");
    }

    @Test
    @Order(1)
    void first(Broker broker) {
      check(broker);
    }

    @Test
    @Order(2)
    void second(Broker broker) {
      check(broker);
    }

    @Nested
    class Inside {
      @Test
      void third(Broker broker) {
        check(broker);
      }
    }

    private static void check(Broker broker) {
      assertThat(broker.uri()).isEqualTo(uri);
      assertThat(broker.received("orders")).isEmpty();
      broker.send(new Event("id", "orders", new byte[0], null, Map.of()));
    }
  }

  static class OnEvery {
    @BrokerTest
    void test(Broker broker) {
      broker.hasQueue("any");
    }
  }
}
