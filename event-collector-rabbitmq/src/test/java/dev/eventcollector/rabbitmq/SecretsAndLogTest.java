package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Nothing that is logged, thrown or printed has a password in it, and an outage is two lines. */
class SecretsAndLogTest extends UsualBrokerFaults {

  private static final String SECRET = "s3cret";

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          lines.add(line);
        }
      };
  private @Nullable Level before;

  @BeforeEach
  void listen() {
    before = root.getLevel();
    root.setLevel(Level.DEBUG);
    appender.start();
    root.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(appender);
    root.setLevel(before);
  }

  private static String allOf(ILoggingEvent line) {
    String trace =
        line.getThrowableProxy() == null
            ? ""
            : line.getThrowableProxy().getClassName() + line.getThrowableProxy().getMessage();
    return line.getLevel() + " " + line.getLoggerName() + " " + line.getFormattedMessage() + trace;
  }

  @Test
  void should_show_no_password_when_the_broker_refuses_it() {
    URI uri = URI.create(proxy.uri());
    RabbitMqEventPublisher publisher =
        closeAtEnd(
            RabbitMqEventPublisher.builder()
                .uri(uri.toString().replace(uri.getUserInfo(), "somebody:" + SECRET))
                .build());
    PublishingEventCollector events = PublishingEventCollector.builder(publisher).build();
    events.enqueueEvent("a", queue);

    PublishReport report = events.publish();
    String state = events.state().toString();
    events.close(Duration.ZERO);

    assertThat(report.owed()).isEqualTo(1);
    assertThat(report.toString()).contains("cannot connect").doesNotContain(SECRET);
    assertThat(state).doesNotContain(SECRET);
    assertThat(events.toString() + publisher).doesNotContain(SECRET);
    assertThat(lines).extracting(SecretsAndLogTest::allOf).noneMatch(l -> l.contains(SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amqp://somebody:s3:s3cret@host",
        "amqp://somebody:s3cret@host/a/b",
        "amqp://somebody:s3cret@host:port",
        "amqp://somebody:s3cret%@host",
        "amqp://somebody:s3cret",
        "amqp:somebody:s3cret@host",
        "somebody:s3cret@host",
        "http://somebody:s3cret@host"
      })
  void should_show_no_password_when_the_uri_is_wrong(String uri) {
    Throwable thrown = catchThrowable(() -> RabbitMqEventPublisher.builder().uri(uri).build());

    assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      assertThat(e.toString()).doesNotContain(SECRET);
    }
  }

  @Test
  void should_log_one_warning_and_one_recovery_when_the_broker_is_away_for_a_while() {
    PublishingEventCollector events = collector();
    events.enqueueEvent("before", queue);
    events.publish();
    lines.clear();
    proxy.acceptAndReset();
    proxy.cut();
    for (int i = 0; i < 200; i++) {
      events.enqueueEvent("event " + i, queue);
      events.publish();
    }
    await().atMost(PATIENCE).until(() -> events.state().failedAttempts() >= 5);

    proxy.resume();

    await().atMost(PATIENCE).until(() -> events.state().owed() == 0);
    assertThat(lines)
        .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
        .extracting(SecretsAndLogTest::allOf)
        .singleElement()
        .asString()
        .contains("Publishing fails");
    assertThat(lines)
        .filteredOn(line -> line.getFormattedMessage().contains("Publishing works again"))
        .hasSize(1);
  }
}
