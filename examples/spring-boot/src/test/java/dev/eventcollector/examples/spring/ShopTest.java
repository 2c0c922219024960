package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@EventCollectorTest
class ShopTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Autowired InMemoryEventCollector events;

  // tag::case
  @Test
  void should_announce_the_order_when_the_request_succeeds() throws Exception {
    assertThatPublishedBy(events, () -> assertThat(post("/orders/1")).isEqualTo(201))
        .published(event().toQueue("orders").withPayload(new OrderPlaced(1)))
        .publishedNothingElse();
  }

  // end::case

  @Value("${local.server.port}")
  int port;

  @Autowired NightlyImport nightlyImport;

  @Test
  void should_announce_nothing_when_the_transaction_is_rolled_back() throws Exception {
    assertThat(post("/orders/2")).isEqualTo(201);

    assertThatPublishedBy(events, () -> assertThat(post("/orders/2")).isEqualTo(500))
        .publishedNothing();
  }

  @Test
  void should_announce_after_the_commit_when_there_is_no_request() {
    assertThatPublishedBy(events, () -> nightlyImport.run(3))
        .published(event().withPayload(new OrderPlaced(3)))
        .publishedNothingElse();

    assertThatPublishedBy(
            events,
            () ->
                assertThatThrownBy(() -> nightlyImport.run(3))
                    .isInstanceOf(DataAccessException.class))
        .publishedNothing();
  }

  @Test
  void should_announce_events_of_another_thread_when_the_request_succeeds() throws Exception {
    assertThatPublishedBy(events, () -> assertThat(post("/orders/4/shipment")).isEqualTo(200))
        .published(event().toQueue("shipments").withPayload(new ShipmentArranged(4)))
        .publishedNothingElse();
    assertThat(events.published().toQueue("shipments").toList())
        .allSatisfy(event -> assertThat(event.thread()).startsWith("task-"));
  }

  @Test
  void should_announce_nothing_when_another_thread_has_enqueued_and_the_request_fails()
      throws Exception {
    assertThatPublishedBy(events, () -> assertThat(post("/orders/1001/shipment")).isEqualTo(500))
        .publishedNothing()
        .cleared(event().withPayload(new ShipmentArranged(1001)));
  }

  @Test
  void should_announce_events_by_itself_when_nobody_waits_for_them() throws Exception {
    assertThatPublishedBy(events, () -> assertThat(post("/orders/5/reminder")).isEqualTo(200))
        .within(Duration.ofSeconds(60))
        .published(event().toQueue("reminders"))
        .publishedNothingElse();
    assertThatPublishedBy(events, () -> assertThat(post("/orders/1005/reminder")).isEqualTo(500))
        .within(Duration.ofSeconds(60))
        .published(event().toQueue("reminders"));
  }

  @Test
  void should_ship_once_when_the_same_delivery_is_handled_twice_at_a_time(
      @Autowired ShippingWorker worker,
      @Autowired JdbcClient database,
      @Autowired TransactionTemplate transaction)
      throws Exception {
    assertThat(post("/orders/6")).isEqualTo(201);

    CompletableFuture<Void> again =
        transaction.execute(
            status -> {
              worker.ship(new OrderPlaced(6));
              var other = CompletableFuture.runAsync(() -> worker.ship(new OrderPlaced(6)));
              await().atMost(PATIENCE).until(() -> other.isDone() || isAnyBlocked(database));
              return other;
            });

    again.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(events).published(exactly(1), event().withPayload(new OrderShipped(6)));
  }

  private static boolean isAnyBlocked(JdbcClient database) {
    return database
        .sql("select count(*) > 0 from information_schema.sessions where blocker_id is not null")
        .query(Boolean.class)
        .single();
  }

  private int post(String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .POST(BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
