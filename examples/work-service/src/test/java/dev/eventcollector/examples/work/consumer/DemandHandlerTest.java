package dev.eventcollector.examples.work.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import dev.eventcollector.testkit.EventAssertions;
import dev.eventcollector.testkit.InMemoryEventCollector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
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
  private final InMemoryEventCollector events;
  private final DemandHandler handler;

  DemandHandlerTest() throws Exception {
    fresh = FreshDatabase.create();
    database = fresh.open(4);
    JdbcOutbox outbox = JdbcOutbox.builder(database.pool()).waitForConfirms(true).build();
    events =
        InMemoryEventCollector.builder()
            .encoder(PayloadEncoder.json(JsonMapper.shared()::writeValueAsBytes))
            .settings(settings -> settings.outbox(outbox))
            .build();
    handler =
        new DemandHandler(
            outbox, database.works(), Duration.ZERO, Clock.systemUTC(), new SimpleMeterRegistry());
  }

  @AfterAll
  void stop() throws Exception {
    events.close();
    database.close();
    fresh.close();
  }

  @BeforeEach
  void forget() {
    events.forgetRecorded();
  }

  private void handle(@Nullable String id, String body) throws Exception {
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
  }

  private String countOfWorks() {
    return fresh.query("select count(*) from works").get(0);
  }

  @Test
  void should_store_announcement_with_the_work_when_it_was_demanded() throws Exception {
    handle("one", THREE);

    EventAssertions.assertThat(events)
        .stored(
            EventAssertions.event().toQueue(Queues.DONE).withHeader(Announcements.DEMAND, "one"));
    assertThat(events.published().toList().get(0).bodyAsText())
        .matches(
            "\\{\"id\":\\d+,\"work_code\":\"consumer-[0-9A-Za-z]{10}\",\"add_up_to\":3,"
                + "\"done\":true,\"result\":6,\"created_on\":\\d+,\"updated_on\":\\d+}");
  }

  @Test
  void should_do_nothing_when_demand_comes_again() throws Exception {
    handle("again\u0000", THREE);
    String works = countOfWorks();
    events.forgetRecorded();

    handle("again\u0000", THREE);

    assertThat(countOfWorks()).isEqualTo(works);
    EventAssertions.assertThat(events).storedNothing();
  }

  @Test
  void should_leave_no_trace_and_do_it_later_when_the_announcement_is_refused() throws Exception {
    String works = countOfWorks();
    fresh.execute("alter table event_outbox add constraint no_more check (n < 0) not valid");
    try {
      assertThatThrownBy(() -> handle("refused", THREE)).hasMessageContaining("no_more");
    } finally {
      fresh.execute("alter table event_outbox drop constraint no_more");
    }
    assertThat(countOfWorks()).isEqualTo(works);

    handle("refused", THREE);

    assertThat(countOfWorks()).isNotEqualTo(works);
  }

  @Test
  void should_make_two_works_when_demands_have_no_message_id() throws Exception {
    int before = Integer.parseInt(countOfWorks());

    handle(null, THREE);
    handle("", THREE);

    assertThat(countOfWorks()).isEqualTo(String.valueOf(before + 2));
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
  void should_reject_demand_when_it_is_malformed(String body) {
    assertThatThrownBy(() -> handle("malformed", body))
        .isInstanceOfSatisfying(
            RejectDeliveryException.class, e -> assertThat(e.isDropped()).isFalse())
        .hasMessageStartingWith("it is no demand: ");
    EventAssertions.assertThat(events).storedNothing();
  }
}
