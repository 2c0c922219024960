package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that hangs: it reads no more, or answers no more. */
class StalledBrokerTest extends UsualBrokerFaults {

  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir Path directory;

  private void assertBoundedAndKept(RabbitMqEventPublisher publisher) {
    List<Status> statuses = new ArrayList<>();
    Duration took = timed(() -> statuses.addAll(publish(publisher, SHORT, moreThanBuffersHold())));

    assertThat(took).isLessThan(SHORT.plus(GRACE));
    assertThat(statuses).hasSize(40).allMatch(Status::isTransportTrouble);
    assertThat(statuses.get(0)).as("may have arrived").isEqualTo(Status.UNKNOWN);
    assertThat(statuses.get(39)).as("has surely not arrived").isEqualTo(Status.NOT_SENT);
  }

  @Test
  void should_return_by_the_deadline_when_the_broker_reads_no_more_trap_8() {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.stall(Direction.TO_BROKER);

    assertBoundedAndKept(publisher);

    proxy.resume();
    assertThat(publish(publisher, "works again")).containsExactly(Status.CONFIRMED);
  }

  @Test
  void should_return_by_the_deadline_when_the_broker_reads_no_more_through_tls_trap_8()
      throws Exception {
    URI plain = URI.create(broker.uri());
    TlsTerminator tls = closeAtEnd(new TlsTerminator(plain.getPort(), "dns:localhost", directory));
    FaultProxy beforeTls = closeAtEnd(FaultProxy.to(tls.uri()));
    RabbitMqEventPublisher publisher =
        closeAtEnd(
            RabbitMqEventPublisher.builder()
                .uri("amqps://guest:guest@localhost:" + beforeTls.port() + plain.getRawPath())
                .connectTimeout(PATIENCE)
                .sslContext(tls.trustingContext())
                .build());
    publish(publisher, "connects");
    beforeTls.stall(Direction.TO_BROKER);

    assertBoundedAndKept(publisher);

    beforeTls.resume();
    assertThat(publish(publisher, "works again")).containsExactly(Status.CONFIRMED);
  }

  @Test
  void should_return_every_thread_by_its_deadline_when_the_broker_reads_no_more_promise_6()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.stall(Direction.TO_BROKER);

    List<CompletableFuture<Duration>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(elsewhere(() -> timed(() -> publish(publisher, SHORT, moreThanBuffersHold()))));
    }

    for (CompletableFuture<Duration> one : all) {
      assertThat(one.get(60, TimeUnit.SECONDS)).isLessThan(SHORT.plus(GRACE));
    }
  }

  @Test
  void should_return_by_the_deadline_when_the_network_is_slow_promise_6() {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.slowDown(Direction.TO_BROKER, 20_000);

    assertBoundedAndKept(publisher);

    assertThat(publish(publisher, "little enough")).containsExactly(Status.CONFIRMED);
  }

  @Test
  void should_give_up_connecting_when_nothing_answers_promise_6() {
    proxy.acceptAndNeverAnswer();
    RabbitMqEventPublisher publisher = publisher();
    List<Outcome> outcomes = new ArrayList<>();

    Duration took =
        timed(
            () -> outcomes.addAll(publisher.publish(List.of(event("a")), Duration.ofMillis(300))));

    assertThat(took).isLessThan(GRACE);
    assertThat(outcomes).extracting(Outcome::status).containsExactly(Status.NOT_SENT);
    assertThat(outcomes.get(0).reason()).contains("no connection within the publish timeout");
  }

  @Test
  void should_give_up_a_handshake_and_connect_anew_when_nothing_answers_promise_6() {
    proxy.acceptAndNeverAnswer();
    RabbitMqEventPublisher publisher = publisher(b -> b.connectTimeout(SHORT));

    await().atMost(PATIENCE).until(() -> handshakeWasGivenUp(publisher));

    proxy.resume();
    await().atMost(PATIENCE).until(() -> publish(publisher, "b").equals(List.of(Status.CONFIRMED)));
  }

  /** The waiting publish gets the failed attempt's own words, no longer the timeout's. */
  private boolean handshakeWasGivenUp(RabbitMqEventPublisher publisher) {
    return publisher
        .publish(List.of(event("a")), Duration.ofSeconds(3))
        .get(0)
        .reason()
        .contains("cannot connect");
  }

  @Test
  void should_give_up_connecting_when_the_broker_falls_silent_in_the_handshake_promise_6() {
    proxy.stall(Direction.TO_CLIENT);
    RabbitMqEventPublisher publisher = publisher(b -> b.connectTimeout(SHORT));

    Duration took =
        timed(
            () ->
                assertThat(publish(publisher, SHORT, List.of(event("a"))))
                    .containsExactly(Status.NOT_SENT));

    assertThat(took).isLessThan(SHORT.plus(GRACE));
    proxy.resume();
    await().atMost(PATIENCE).until(() -> publish(publisher, "b").equals(List.of(Status.CONFIRMED)));
  }

  @Test
  void should_be_unknown_and_recover_by_itself_when_confirms_are_lost_trap_7() {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.swallow(Direction.TO_CLIENT);

    List<Outcome> outcomes = new ArrayList<>();
    Duration took = timed(() -> outcomes.addAll(publisher.publish(List.of(event("a")), SHORT)));

    assertThat(took).isLessThan(SHORT.plus(GRACE));
    assertThat(outcomes)
        .containsExactly(Outcome.unknown("no confirm came within the publish timeout"));
    proxy.resumeNewOnes();
    await()
        .atMost(PATIENCE)
        .until(() -> publish(publisher, SHORT, List.of(event("b"))).get(0) == Status.CONFIRMED);
  }

  @Test
  void should_close_in_bounded_time_when_another_thread_hangs_in_a_write_promise_9()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.stall(Direction.TO_BROKER);
    long before = proxy.passed(Direction.TO_BROKER);
    CompletableFuture<List<Status>> hangs =
        elsewhere(() -> publish(publisher, Duration.ofSeconds(30), moreThanBuffersHold()));
    await().atMost(PATIENCE).until(() -> isWriting("elsewhere"));

    assertThat(timed(publisher::close)).isLessThan(Duration.ofSeconds(2).plus(GRACE));

    assertThat(hangs.get(60, TimeUnit.SECONDS)).allMatch(Status::isTransportTrouble);
    assertThat(proxy.passed(Direction.TO_BROKER)).as("it was stalled").isEqualTo(before);
  }

  @Test
  void should_close_in_bounded_time_when_the_broker_is_silent_promise_9() {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.swallow(Direction.TO_CLIENT);

    assertThat(timed(publisher::close)).isLessThan(Duration.ofSeconds(2).plus(GRACE));
    await().atMost(PATIENCE).until(() -> proxy.connections() == 0);
  }
}
