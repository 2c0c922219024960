package dev.eventcollector.examples.work.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.testkit.InMemoryEventCollector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class DemandHandlerTest {

  private static final String THREE = "{\"add_up_to\":3,\"done\":false}";

  private final FreshDatabase fresh;
  private final Database database;
  private final DemandHandler handler;

  DemandHandlerTest() throws Exception {
    fresh = FreshDatabase.create();
    database = fresh.open(4);
    handler =
        new DemandHandler(
            database.works(), Duration.ZERO, Clock.systemUTC(), new SimpleMeterRegistry());
  }

  @AfterAll
  void stop() throws Exception {
    database.close();
    fresh.close();
  }

  private List<Event> handle(@Nullable String id, String body) throws InterruptedException {
    try (InMemoryEventCollector events =
        InMemoryEventCollector.builder()
            .encoder(dev.eventcollector.PayloadEncoder.json(JsonMapper.shared()::writeValueAsBytes))
            .build()) {
      handler.handle(
          new Delivery(
              Queues.DEMANDS,
              id,
              body.getBytes(StandardCharsets.UTF_8),
              "application/json",
              Map.of(),
              1,
              false),
          events);
      return events.eventsToPublish();
    }
  }

  @Test
  void should_announce_finished_work_when_it_was_demanded() throws Exception {
    List<Event> events = handle("one", THREE);

    assertThat(events).hasSize(1);
    assertThat(events.get(0).queue()).isEqualTo(Queues.DONE);
    assertThat(events.get(0).bodyAsText())
        .matches(
            "\\{\"id\":\\d+,\"work_code\":\"consumer-[0-9A-Za-z]{10}\",\"add_up_to\":3,"
                + "\"done\":true,\"result\":6,\"created_on\":\\d+,\"updated_on\":\\d+}");
  }

  @Test
  void should_write_start_stop_and_result_when_work_is_done() throws Exception {
    handle("rows", THREE);

    assertThat(
            fresh.query(
                """
                select variable, value from events join handled_demands using (work_code)
                where message_id = 'rows' order by events.id
                """))
        .containsExactly("compute/start ", "compute/stop ", "compute/result 6");
  }

  @Test
  void should_repeat_announcement_to_the_letter_when_demand_comes_again() throws Exception {
    assertThat(handle("again", THREE)).isEqualTo(handle("again", THREE));
    assertThat(fresh.query("select count(*) from handled_demands where message_id = 'again'"))
        .containsExactly("1");
  }

  @Test
  void should_make_two_works_when_demands_have_no_message_id() throws Exception {
    assertThat(handle(null, THREE).get(0).id()).isNotEqualTo(handle(null, THREE).get(0).id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "null",
        "[]",
        "3",
        "{}",
        "{\"add_up_to\":\"3\"}",
        "{\"add_up_to\":0}",
        "{\"add_up_to\":-1}",
        "{\"add_up_to\":1.5}",
        "{\"add_up_to\":10001}",
        "{\"add_up_to\":99999999999}",
        "{\"add_up_to\":3,\"done\":true}",
        "{\"add_up_to\":3} {}"
      })
  void should_park_demand_when_it_is_malformed(String body) throws Exception {
    List<Event> events = handle("malformed", body);

    assertThat(events).hasSize(1);
    Event dead = events.get(0);
    assertThat(dead.queue()).isEqualTo(Queues.DEAD);
    assertThat(dead.id()).isEqualTo("malformed");
    assertThat(dead.bodyAsText()).isEqualTo(body);
    assertThat(dead.contentType()).isEqualTo("application/json");
    assertThat(dead.headers())
        .containsKeys("reason", "failed-on")
        .containsEntry("queue", Queues.DEMANDS);
  }

  @Test
  void should_park_demand_when_its_id_cannot_be_stored() throws Exception {
    assertThat(handle("zero\u0000", THREE)).extracting(Event::queue).containsExactly(Queues.DEAD);
  }
}
