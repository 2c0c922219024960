package dev.eventcollector.examples.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.work.consumer.TaskConsumer;
import dev.eventcollector.examples.work.producer.TaskProducer;
import dev.eventcollector.examples.work.queue.SystemQueues;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The status port of producer and consumer. */
@WithBroker
@Timeout(600)
class StatusTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NOWHERE = "amqp://guest:guest@127.0.0.1:1";

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> get(AppProcess program, String path) throws Exception {
    program.await("listening on ");
    URI uri = URI.create(program.findAll("listening on (\\S+)").get(0)).resolve(path);
    return client.send(
        HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
  }

  private void awaitReady(AppProcess program) {
    await().atMost(PATIENCE).until(() -> get(program, "/readyz").statusCode() == 200);
  }

  private void awaitTrouble(AppProcess program, String reason) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              HttpResponse<String> readiness = get(program, "/readyz");
              assertThat(readiness.body()).contains(reason).doesNotContain("guest:guest");
              assertThat(readiness.statusCode()).isEqualTo(503);
            });
  }

  @Test
  void should_show_the_work_done_when_producer_and_consumer_have_a_status_port(Broker broker)
      throws Exception {
    SystemQueues.deleteAtEnd(broker);
    try (FreshDatabase database = FreshDatabase.create()) {
      Surroundings surroundings = new Surroundings(directory, broker.uri(), database.url());
      try (AppProcess consumer =
              surroundings.start(TaskConsumer.class, "--status-port=0", "--step=0ms");
          AppProcess producer =
              surroundings.start(TaskProducer.class, "--status-port=0", "--interval=20ms")) {
        awaitReady(producer);
        awaitReady(consumer);
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(get(consumer, "/metrics").body())
                        .containsPattern("task_consumer_demands_total\\{outcome=\"done\"} [1-9]")
                        .containsPattern("task_consumer_deliveries_total\\{.*\"completed\"} [1-9]")
                        .containsPattern("event_collector_published_total\\{.*confirmed\"} [1-9]"));
        assertThat(get(producer, "/metrics").body())
            .containsPattern("event_collector_enqueued_total\\{.*\"task-producer\"} [1-9]")
            .contains("event_collector_owed{collector=\"task-producer\"}");
        assertThat(get(producer, "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(producer, "/work").statusCode()).isEqualTo(404);
        assertThat(producer.end()).as(producer.output()).isZero();
        assertThat(consumer.end()).as(consumer.output()).isZero();
      }
    }
  }

  @Test
  void should_name_the_broker_when_there_is_none() throws Exception {
    try (FreshDatabase database = FreshDatabase.create()) {
      Surroundings surroundings = new Surroundings(directory, NOWHERE, database.url());
      try (AppProcess consumer = surroundings.start(TaskConsumer.class, "--status-port=0");
          AppProcess producer =
              surroundings.start(TaskProducer.class, "--status-port=0", "--interval=20ms")) {
        awaitTrouble(consumer, "broker: ");
        awaitTrouble(producer, "broker: ");
      }
    }
  }

  @Test
  void should_name_the_database_when_it_is_gone(Broker broker) throws Exception {
    SystemQueues.deleteAtEnd(broker);
    FreshDatabase database = FreshDatabase.create();
    Surroundings surroundings = new Surroundings(directory, broker.uri(), database.url());
    try (AppProcess consumer = surroundings.start(TaskConsumer.class, "--status-port=0")) {
      awaitReady(consumer);
      database.close();
      awaitTrouble(consumer, "database: ");
    }
  }
}
