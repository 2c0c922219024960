package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.RecordedEvent;
import dev.eventcollector.testkit.ScriptedEventPublisher;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.ObjectMapper;

class AssertionsTest {

  // tag::encoder
  @RegisterExtension
  static final EventCollectorExtension EVENTS =
      EventCollectorExtension.builder()
          .collector(
              () ->
                  InMemoryEventCollector.builder()
                      .encoder(PayloadEncoder.json(new ObjectMapper()::writeValueAsBytes))
                      .build())
          .build();

  // end::encoder

  private final Orders orders = new Orders();

  @Test
  void should_show_every_kind(InMemoryEventCollector events, ScriptedEventPublisher broker) {
    orders.placeFor("acme", 41);
    orders.place(42);
    // tag::tour
    assertThat(events).published(exactly(2), event().toQueue("orders")).publishedNothingElse();
    assertThat(events).published(event().withHeader("tenant", "acme").extracting("id", 41));
    assertThat(events).published(event().withJson("{id: 42}")); // more fields are welcome
    assertThat(events).within(Duration.ofSeconds(30)).published(event().toQueue("orders"));
    assertThat(events).during(Duration.ofMillis(50)).notPublished(event().toQueue("mails"));

    assertThatPublishedBy(() -> orders.place(43)) // whatever went out before
        .published(event().withPayload(new OrderPlaced(43)));

    assertThatThrownBy(() -> orders.placeAndFail(44)).hasMessage("no stock");
    assertThat(events).cleared(event().withPayload(new OrderPlaced(44))).endedEveryUnitOfWork();

    broker.otherwise(Answer.returned("312 NO_ROUTE")); // or nacked, confirmLost, hang ...
    assertThat(orders.placeAndTell(45).owed()).isEqualTo(1);
    // end::tour
  }

  @Test
  void should_show_the_record(InMemoryEventCollector events) {
    orders.place(42);
    // tag::record
    List<OrderPlaced> placed = events.published().toQueue("orders").payloads(OrderPlaced.class);
    RecordedEvent first = events.recorded().toList().get(0); // stage, unit, thread, outcomes
    // end::record
    assertThat(placed).containsExactly(new OrderPlaced(42));
    assertThat(first.stage()).isEqualTo(RecordedEvent.Stage.CONFIRMED);
  }

  @Test
  void should_show_counts_and_order(InMemoryEventCollector events) {
    orders.place(1);
    orders.place(2);
    // tag::counts
    assertThat(events)
        .published(exactly(2), event().toQueue("orders"))
        .publishedInOrder(
            event().withPayload(new OrderPlaced(1)), event().withPayload(new OrderPlaced(2)))
        .publishedNothingElse();
    // end::counts
  }

  @Test
  void should_show_the_events_that_a_failed_unit_leaves(InMemoryEventCollector events) {
    // tag::failure
    assertThatThrownBy(() -> orders.place(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(events).publishedNothing().endedEveryUnitOfWork();

    orders.insert(42); // by itself, in no unit of work
    assertThat(events).collected(event().toQueue("orders")); // neither published nor cleared
    events.clearEventsToPublish();
    assertThat(events).cleared(event().toQueue("orders"));
    // end::failure
  }

  @Test
  void should_show_payloads_json_and_headers(InMemoryEventCollector events) {
    orders.placeFor("acme", 42);
    // tag::payloads
    assertThat(events).published(event().withPayload(OrderPlaced.class, p -> p.id() == 42));
    assertThat(events).published(event().extracting("customer", "acme"));
    assertThat(events).published(event().withJson("{id: 42}")); // more fields are welcome
    assertThat(events).published(event().withJsonAt("$.customer", "acme"));
    assertThat(events).published(event().withHeader("tenant", "acme").withoutHeader("trace"));
    // end::payloads
  }

  @Test
  void should_show_the_delta() {
    orders.place(1);
    // tag::delta
    assertThatPublishedBy(() -> orders.place(42))
        .published(event().withPayload(new OrderPlaced(42)))
        .publishedNothingElse(); // whatever went out before
    // end::delta
  }

  @Test
  void should_show_patience(InMemoryEventCollector events) {
    orders.place(42);
    // tag::await
    assertThat(events).within(Duration.ofSeconds(30)).published(event().toQueue("orders"));
    assertThat(events).during(Duration.ofMillis(50)).notPublished(event().toQueue("mails"));
    // end::await
  }
}
