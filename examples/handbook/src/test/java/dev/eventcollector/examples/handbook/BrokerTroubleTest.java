package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.PublishReport;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.Gate;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.RecordedEvent;
import dev.eventcollector.testkit.ScriptedEventPublisher;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EventCollectorExtension.class)
class BrokerTroubleTest {

  // tag::script
  @Test
  void should_keep_the_order_when_the_broker_is_down(
      InMemoryEventCollector events, ScriptedEventPublisher broker) {
    broker.otherwise(Answer.notSent("broker is down")); // or next(...), for one event each
    PublishReport report = new Orders().placeAndTell(42);
    assertThat(report.owed()).isEqualTo(1);

    broker.confirmEverything();
    assertThat(events)
        .within(Duration.ofSeconds(30))
        .published(event().at(RecordedEvent.Stage.CONFIRMED));
  }

  // end::script

  @Test
  void should_fail_as_told(ScriptedEventPublisher broker) {
    Orders orders = new Orders();
    // tag::answers
    broker.next(Answer.returned("312 NO_ROUTE"), Answer.nacked("full"), Answer.confirmLost());
    broker.toQueue("mistyped", Answer.refused("too large"));
    broker.otherwise(Answer.hang()); // says nothing until the publish timeout is over
    Gate gate = broker.blockNext(); // holds up an event until gate.open()
    // end::answers
    broker.confirmEverything();
    gate.open();
    assertThat(orders.placeAndTell(42).confirmed()).isEqualTo(1);
  }
}
