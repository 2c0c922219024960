package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.PublishingEventCollector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A worker of one queue on a stand-in, and the collector that fills it. */
abstract class WorkerOnStandIn {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  static final Duration LONG = Duration.ofSeconds(60);
  static final String NIL = "$-1\r\n";

  final Told told = new Told();
  final List<String> handled = new CopyOnWriteArrayList<>();
  FaktoryStandIn server;
  PublishingEventCollector events;

  @BeforeEach
  void start() {
    server = FaktoryStandIn.start();
    events =
        PublishingEventCollector.builder(FaktoryEventPublisher.builder().url(server.url()).build())
            .build();
  }

  @AfterEach
  void stop() {
    events.close();
    server.close();
  }

  FaktoryWorkerBuilder worker() {
    return worker(server.url());
  }

  FaktoryWorkerBuilder worker(String url) {
    return FaktoryWorker.builder()
        .url(url)
        .queues("q")
        .collector(events)
        .beatInterval(Duration.ofMillis(100))
        .stopTimeout(Duration.ofSeconds(1))
        .listener(told)
        .handler((delivery, events) -> handled.add(delivery.bodyAsText()));
  }

  void send(String payload) {
    events.enqueueEvent(payload, "q");
    events.publish();
    await().until(() -> events.state().owed() == 0);
  }

  void awaitTold(String... what) {
    await().atMost(LONG).untilAsserted(() -> assertThat(told.all).containsExactly(what));
  }

  int working() {
    TestServer seen = new TestServer(server.url());
    return seen.size("working");
  }

  /** A job that comes meanwhile is reserved for connections that are no more; Faktory does that. */
  void awaitLostFetches() {
    await().until(() -> !server.servesLostConnections());
  }
}
