package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCustomizer;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.UndeliverableHandler;
import dev.eventcollector.micrometer.EventCollectorMetrics;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.servlet.EventPublishingFilter;
import dev.eventcollector.spring.InvalidSettingsException;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.ScriptedEventPublisher;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class AutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withConfiguration(OurAutoConfigurations.all());
  private final ScriptedEventPublisher publisher = new ScriptedEventPublisher();

  private ApplicationContextRunner withPublisher() {
    return runner.withBean(EventPublisher.class, () -> publisher);
  }

  record Placed(int id) {}

  @Test
  void should_publish_to_the_broker_of_the_properties_when_nothing_is_configured() {
    runner
        .withPropertyValues(
            "spring.rabbitmq.addresses=one:1,two:2", "spring.rabbitmq.password=secret")
        .run(
            context -> {
              assertThat(context).hasSingleBean(PublishingEventCollector.class);
              assertThat(context.getBean(RabbitMqEventPublisher.class).toString())
                  .contains("one:1", "two:2")
                  .doesNotContain("secret");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spring.rabbitmq.host=broker                         | broker:5672",
        "spring.rabbitmq.port=5555                           | localhost:5555",
        "spring.rabbitmq.ssl.enabled=true                    | localhost:5671",
        "spring.rabbitmq.addresses=amqps://u:p@broker/shop   | broker:5671",
        "spring.rabbitmq.addresses=[::1]:5673                | 5673",
      })
  void should_read_boots_properties(String property, String address) {
    runner
        .withPropertyValues(property)
        .run(
            context ->
                assertThat(context.getBean(RabbitMqEventPublisher.class).toString())
                    .contains(address));
  }

  @Test
  void should_back_off_when_there_is_a_publisher() {
    withPublisher()
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(RabbitMqEventPublisher.class);
              context.getBean(EventCollector.class).enqueueEvent(new Placed(1), "orders");
              assertThat(publisher.delivered())
                  .singleElement()
                  .satisfies(
                      event ->
                          assertThat(new String(event.body(), StandardCharsets.UTF_8))
                              .isEqualTo("{\"id\":1}"));
            });
    assertThat(publisher.publish(List.of(), java.time.Duration.ofSeconds(1))).isEmpty();
  }

  @Test
  void should_ask_every_customizer_when_there_are_some() {
    withPublisher()
        .withBean(
            "tenant",
            EventCustomizer.class,
            () -> (payload, queue, options) -> options.withHeader("tenant", "acme"))
        .withBean(
            "schema",
            EventCustomizer.class,
            () -> (payload, queue, options) -> options.withHeader("schema", 1))
        .run(context -> context.getBean(EventCollector.class).enqueueEvent("a", "orders"));

    assertThat(publisher.delivered())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.headers())
                    .containsEntry("tenant", "acme")
                    .containsEntry("schema", 1));
  }

  @Test
  void should_fail_to_start_when_it_has_to_connect_and_cannot() {
    runner
        .withPropertyValues(
            "spring.rabbitmq.port=1", "event-collector.rabbitmq.connect-at-start=fail")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("cannot connect to amqp://localhost:1"));
  }

  @Test
  void should_back_off_when_there_is_a_collector() {
    PublishingEventCollector own = PublishingEventCollector.builder(publisher).build();
    runner
        .withBean("own", EventCollector.class, () -> own)
        .run(
            context -> {
              assertThat(context.getBean(EventCollector.class)).isSameAs(own);
              assertThat(context).doesNotHaveBean(RabbitMqEventPublisher.class);
            });
  }

  @Test
  void should_close_the_collector_with_the_context() {
    withPublisher()
        .run(
            context -> {
              EventCollector collector = context.getBean(EventCollector.class);
              context.close();
              assertThatThrownBy(() -> collector.enqueueEvent("late", "orders"))
                  .hasMessageContaining("closed");
            });
  }

  @Test
  void should_tell_property_value_and_rule_when_settings_are_wrong() {
    withPublisher()
        .withPropertyValues("event-collector.max-attempts=0", "event-collector.publish-timeout=-1s")
        .run(
            context -> {
              Throwable failure = context.getStartupFailure();
              assertThat(failure).hasRootCauseInstanceOf(IllegalArgumentException.class);
              assertThat(Analyses.of(failure).getDescription())
                  .contains("event-collector.*")
                  .contains("max-attempts must be positive, but is 0")
                  .contains("publish-timeout must be positive, but is PT-1S");
            });
  }

  @Test
  void should_tell_the_rule_when_the_filters_settings_are_wrong() {
    new WebApplicationContextRunner()
        .withConfiguration(OurAutoConfigurations.all())
        .withBean(EventPublisher.class, () -> publisher)
        .withPropertyValues("event-collector.filter.success=2xx")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("success"));
  }

  @Test
  void should_register_the_filter_first_in_web_applications() {
    new WebApplicationContextRunner()
        .withConfiguration(OurAutoConfigurations.all())
        .withBean(EventPublisher.class, () -> publisher)
        .run(
            context -> {
              FilterRegistrationBean<?> filter = context.getBean(FilterRegistrationBean.class);
              assertThat(filter.getFilter()).isInstanceOf(EventPublishingFilter.class);
              assertThat(filter.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
            });
  }

  @Test
  void should_publish_at_once_when_an_event_is_enqueued_outside_of_any_unit() {
    withPublisher()
        .run(
            context -> {
              context.getBean(EventCollector.class).enqueueEvent("job", "jobs");
              assertThat(publisher.delivered()).hasSize(1);
            });
  }

  @Test
  void should_refuse_an_event_outside_of_any_unit_when_it_is_told_to() {
    withPublisher()
        .withPropertyValues("event-collector.outside-of-unit=fail")
        .run(
            context -> {
              EventCollector events = context.getBean(EventCollector.class);
              assertThatThrownBy(() -> events.enqueueEvent("job", "jobs"))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("event-collector.outside-of-unit=fail");
              assertThat(events.eventsToPublish()).isEmpty();
              events.unitsOfWork().run(() -> events.enqueueEvent("job", "jobs"));
              assertThat(publisher.delivered()).hasSize(1);
            });
  }

  @Test
  void should_use_handler_and_registry_of_the_context() {
    List<UndeliverableEvent> undeliverable = new CopyOnWriteArrayList<>();
    withPublisher()
        .withBean(UndeliverableHandler.class, () -> undeliverable::add)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("event-collector.max-attempts=1")
        .run(
            context -> {
              publisher.otherwise(Answer.returned("no such queue"));
              context.getBean(EventCollector.class).enqueueEvent("lost", "nowhere");
              assertThat(undeliverable).hasSize(1);
              assertThat(context).hasSingleBean(EventCollectorMetrics.class);
              assertThat(
                      context
                          .getBean(MeterRegistry.class)
                          .get("event.collector.undeliverable")
                          .counter()
                          .count())
                  .isEqualTo(1);
            });
  }

  private static Health health(HealthIndicator indicator) {
    return Objects.requireNonNull(indicator.health());
  }

  @Test
  void should_be_down_while_the_publisher_is_unavailable() {
    withPublisher()
        .run(
            context -> {
              HealthIndicator health =
                  context.getBean("eventCollectorHealthIndicator", HealthIndicator.class);
              assertThat(health(health).getStatus().getCode()).isEqualTo("UP");
              publisher.otherwise(Answer.notSent("no broker"));
              EventCollector events = context.getBean(EventCollector.class);
              events.enqueueEvent("one", "orders");
              assertThat(health(health).getStatus().getCode()).isEqualTo("DOWN");
              assertThat(health(health).getDetails()).containsKeys("owed", "trouble", "since");
              publisher.confirmEverything();
            });
  }

  @Test
  void should_count_waiting_events_of_the_outbox_in_the_health() {
    withPublisher()
        .withBean(
            DataSource.class,
            () -> new DriverManagerDataSource("jdbc:h2:mem:health;DB_CLOSE_DELAY=-1", "sa", ""))
        .withPropertyValues(
            "event-collector.outbox.enabled=true",
            "event-collector.outbox.create-tables=true",
            "event-collector.outbox.lease=3s")
        .run(
            context -> {
              HealthIndicator health =
                  context.getBean("eventCollectorHealthIndicator", HealthIndicator.class);
              publisher.otherwise(Answer.notSent("no broker"));
              EventCollector events = context.getBean(EventCollector.class);
              events.enqueueEvent("one", "orders");
              events.publish();
              Awaitility.await()
                  .atMost(Duration.ofSeconds(60))
                  .untilAsserted(
                      () ->
                          assertThat(health(health).getDetails())
                              .containsEntry("stored", 1L)
                              .containsEntry("parked", 0L)
                              .containsKey("oldestStoredAt"));
              publisher.confirmEverything();
            });
  }

  @Test
  void should_tell_that_there_is_no_database_when_the_outbox_is_switched_on() {
    withPublisher()
        .withPropertyValues("event-collector.outbox.enabled=true")
        .run(
            context ->
                assertThat(Analyses.of(context.getStartupFailure()).getDescription())
                    .contains("event-collector.outbox.* are wrong: enabled is true")
                    .contains("DataSource"));
  }

  @Test
  void should_tell_property_and_script_when_the_tables_of_the_outbox_are_missing() {
    withPublisher()
        .withBean(DataSource.class, () -> database("jdbc:h2:mem:no_tables"))
        .withPropertyValues("event-collector.outbox.enabled=true")
        .run(
            context -> {
              FailureAnalysis analysis = Analyses.of(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains("event-collector.outbox.enabled is true, but the outbox cannot use")
                  .contains("event_outbox")
                  .containsIgnoringCase("create table");
              assertThat(analysis.getAction())
                  .contains("event-collector.outbox.create-tables=true")
                  .contains("Flyway");
            });
  }

  @Test
  void should_name_the_settings_to_check_when_the_database_of_the_outbox_is_away() {
    withPublisher()
        .withBean(DataSource.class, () -> database("jdbc:h2:tcp://127.0.0.1:1/nowhere"))
        .withPropertyValues("event-collector.outbox.enabled=true")
        .run(
            context ->
                assertThat(Analyses.of(context.getStartupFailure()).getAction())
                    .contains("spring.datasource.*"));
  }

  private static DataSource database(String url) {
    return new DriverManagerDataSource(url);
  }

  @Test
  void should_refuse_to_withdraw_in_a_mode_that_never_answers_503() {
    new WebApplicationContextRunner()
        .withConfiguration(OurAutoConfigurations.all())
        .withBean(EventPublisher.class, () -> publisher)
        .withPropertyValues("event-collector.filter.withdraw-unconfirmed=true")
        .run(
            context ->
                assertThat(Analyses.of(context.getStartupFailure()).getDescription())
                    .contains("event-collector.filter.* are wrong")
                    .contains("withdraw-unconfirmed needs mode=require"));
  }

  @Test
  void should_take_units_of_work_to_other_threads_while_the_context_is_there() {
    int before = ContextRegistry.getInstance().getThreadLocalAccessors().size();
    withPublisher()
        .run(
            context -> {
              assertThat(ContextRegistry.getInstance().getThreadLocalAccessors())
                  .hasSize(before + 1);
              EventCollector events = context.getBean(EventCollector.class);
              events
                  .unitsOfWork()
                  .run(
                      () -> {
                        Runnable work = () -> events.enqueueEvent("there", "orders");
                        Thread other =
                            new Thread(
                                ContextSnapshotFactory.builder().build().captureAll().wrap(work));
                        other.start();
                        other.join();
                        assertThat(publisher.delivered()).isEmpty();
                      });
              assertThat(publisher.delivered()).hasSize(1);
            });
    assertThat(ContextRegistry.getInstance().getThreadLocalAccessors()).hasSize(before);
  }

  @Test
  void should_name_the_properties_when_a_builder_refuses_settings() {
    assertThatThrownBy(
            () ->
                InvalidSettingsException.checked(
                    "event-collector",
                    () -> {
                      throw new IllegalArgumentException(
                          "maxEventBytes (2) must not exceed maxPendingBytes (1)");
                    }))
        .hasMessage("max-event-bytes (2) must not exceed max-pending-bytes (1)");
  }
}
