package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome.Status;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Events that nobody has checked, and that cannot be put on the wire. */
class UnsendableEventTest extends UsualBrokerFaults {

  private Event unsendable() {
    return new Event("unsendable", queue, new byte[0], null, Map.of("h", UUID.randomUUID()));
  }

  @Test
  void should_refuse_only_the_event_that_amqp_cannot_carry_trap_4() {
    RabbitMqEventPublisher publisher = publisher();

    assertThat(publish(publisher, PATIENCE, List.of(event("a"), unsendable(), event("b"))))
        .containsExactly(Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED);
    assertThat(firstArrivals(2)).containsExactly("body of a", "body of b");
  }

  @Test
  void should_refuse_all_when_the_channel_closes_while_others_are_written_trap_11() {
    RabbitMqEventPublisher publisher = publisher(b -> b.exchange("no-such-exchange"));
    List<Event> chunk = Collections.nCopies(50_000, event("a"));

    assertThat(publish(publisher, PATIENCE, chunk)).hasSize(50_000).containsOnly(Status.REFUSED);
    assertThat(publisher.connectedSince()).as("only the channel was closed").isNotNull();
  }

  @Test
  void should_credit_no_confirm_to_the_wrong_event_when_one_could_not_be_sent_trap_4() {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, PATIENCE, List.of(event("a"), unsendable()));

    for (int i = 0; i < 5; i++) {
      List<Status> statuses =
          publish(
              publisher,
              PATIENCE,
              List.of(event("missing", "no-such-queue"), event("there"), unsendable()));
      assertThat(statuses.get(0).isRefusal()).as("%s", statuses).isTrue();
      assertThat(statuses.get(1)).isEqualTo(Status.CONFIRMED);
      assertThat(statuses.get(2)).isEqualTo(Status.REFUSED);
    }
  }
}
