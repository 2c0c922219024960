package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.eventcollector.Event;
import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishingEventCollector;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** User code that throws anything at all, outside of handlers. */
class HostileUserCodeTest extends UsualBrokerFaults {

  /** As other languages throw them, which declare no checked exceptions. */
  enum Kind {
    CHECKED {
      @Override
      Throwable make() {
        return new Exception("checked");
      }
    },
    STACK_OVERFLOW {
      @Override
      Throwable make() {
        return new StackOverflowError();
      }
    },
    HOSTILE_ERROR {
      @Override
      Throwable make() {
        return new HostileError();
      }
    },
    CIRCLE {
      @Override
      Throwable make() {
        RuntimeException first = new RuntimeException("first");
        first.initCause(new RuntimeException("second", first));
        return first;
      }
    };

    abstract Throwable make();
  }

  private static final class HostileError extends Error {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("getMessage");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("toString");
    }

    @Override
    public synchronized @Nullable Throwable getCause() {
      throw new IllegalStateException("getCause");
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> RuntimeException sneakily(Throwable e) throws T {
    throw (T) e;
  }

  private static Credentials failTwice(AtomicInteger calls, Kind kind, String userInfo) {
    if (calls.incrementAndGet() <= 2) {
      throw HostileUserCodeTest.<RuntimeException>sneakily(kind.make());
    }
    return new Credentials(
        userInfo.substring(0, userInfo.indexOf(':')),
        userInfo.substring(userInfo.indexOf(':') + 1));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void should_connect_when_the_supplier_of_credentials_works_again_trap_28(Kind kind) {
    URI uri = URI.create(proxy.uri());
    String userInfo = String.valueOf(uri.getUserInfo());
    String bare = proxy.uri().replace(userInfo + "@", "");
    AtomicInteger ofWorker = new AtomicInteger();
    AtomicInteger ofPublisher = new AtomicInteger();
    List<String> handled = new CopyOnWriteArrayList<>();
    RabbitMqEventPublisher publisher =
        closeAtEnd(
            RabbitMqEventPublisher.builder()
                .uri(bare)
                .credentials(() -> failTwice(ofPublisher, kind, userInfo))
                .build());
    PublishingEventCollector events =
        PublishingEventCollector.builder(publisher)
            .firstRetryDelay(Duration.ofMillis(20))
            .maxRetryDelay(Duration.ofMillis(100))
            .build();
    closeAtEnd(() -> events.close(Duration.ZERO));
    events.enqueueEvent("published", queue);
    events.publish();
    closeAtEnd(
        RabbitMqWorker.builder()
            .uri(bare)
            .credentials(() -> failTwice(ofWorker, kind, userInfo))
            .queue(queue)
            .collector(events)
            .retryDelays()
            .stopTimeout(Duration.ofMillis(200))
            .handler((delivery, collector) -> handled.add(delivery.bodyAsText()))
            .start());

    await().untilAsserted(() -> assertThat(handled).containsExactly("published"));
    assertThat(ofWorker.get()).isGreaterThanOrEqualTo(3);
    assertThat(ofPublisher.get()).isGreaterThanOrEqualTo(3);
    await().until(() -> events.state().confirmed() == 1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"CHECKED", "HOSTILE_ERROR"})
  void should_go_on_with_held_deliveries_when_a_customizer_throws_at_the_probe_trap_41(Kind kind) {
    List<String> told = new CopyOnWriteArrayList<>();
    PublishingEventCollector events =
        collector(
            builder ->
                builder
                    .maxPendingEvents(1)
                    .customizer(
                        (payload, queueOfEvent, options) -> {
                          if (queueOfEvent.equals(queue)) { // the probe
                            throw HostileUserCodeTest.<RuntimeException>sneakily(kind.make());
                          }
                          return options;
                        }));
    broker.deleteAtEnd(queue + ".dead");
    closeAtEnd(
        RabbitMqWorker.builder()
            .uri(broker.uri())
            .queue(queue)
            .collector(events)
            .retryDelays()
            .stopTimeout(Duration.ofMillis(200))
            .listener(
                new RabbitMqWorkerListener() {
                  @Override
                  public void onDead(Delivery delivery, String reason) {
                    told.add("dead " + String.valueOf(delivery.messageId()));
                  }
                })
            .handler(HostileUserCodeTest::enqueueTwo)
            .start());
    broker.send(new Event("needs too much", queue, new byte[1], null, Map.of()));

    await().untilAsserted(() -> assertThat(told).containsExactly("dead needs too much"));
  }

  private static void enqueueTwo(Delivery delivery, EventCollector events) {
    events.enqueueEvent("one", "elsewhere");
    events.enqueueEvent("two", "elsewhere");
  }

  @Test
  void should_describe_any_exception_in_one_line() {
    for (Kind kind : Kind.values()) {
      assertThat(Reasons.of(kind.make())).isNotEmpty();
    }
  }

  /** An appender as log4j2 has them with ignoreExceptions=false, and a full disk. */
  private static final class Failing extends AppenderBase<ILoggingEvent> {

    @Override
    public void doAppend(ILoggingEvent line) {
      throw new IllegalStateException("the disk is full");
    }

    @Override
    protected void append(ILoggingEvent line) {}
  }

  @Test
  void should_consume_again_when_the_log_throws() {
    List<String> handled = new CopyOnWriteArrayList<>();
    RabbitMqWorker worker =
        closeAtEnd(
            RabbitMqWorker.builder()
                .uri(proxy.uri())
                .queue(queue)
                .collector(collector())
                .retryDelays(Duration.ofMillis(20))
                .stopTimeout(Duration.ofMillis(200))
                .handler((delivery, events) -> handled.add(delivery.bodyAsText()))
                .start());
    await().until(() -> worker.trouble() == null);
    ch.qos.logback.classic.Logger all =
        (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("dev.eventcollector.rabbitmq");
    Level level = all.getLevel();
    Failing failing = new Failing();
    all.addAppender(failing);
    all.setLevel(Level.INFO);
    try {
      for (int i = 0; i < 3; i++) {
        String id = "after cut " + i;
        proxy.cut();
        broker.send(event(id));
        await().until(() -> handled.contains("body of " + id));
      }
      await().until(() -> proxy.connections() == 1);
    } finally {
      all.setLevel(level);
      all.detachAppender(failing);
    }
  }
}
