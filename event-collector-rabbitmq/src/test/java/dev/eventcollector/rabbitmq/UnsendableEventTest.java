package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome.Status;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Events that pass every check when they are enqueued, and then cannot be put on the wire. */
class UnsendableEventTest extends UsualBrokerFaults {

  /** A nested header that another thread goes on changing. */
  private static final class ChangingMap extends AbstractMap<String, Object> {
    @Override
    public Set<Entry<String, Object>> entrySet() {
      throw new ConcurrentModificationException("changed by another thread");
    }
  }

  private Event changing() {
    return new Event("changing", queue, new byte[0], null, Map.of("h", new ChangingMap()));
  }

  @Test
  void should_refuse_only_the_event_whose_headers_change_under_way_trap_4() {
    RabbitMqEventPublisher publisher = publisher();

    assertThat(publish(publisher, PATIENCE, List.of(event("a"), changing(), event("b"))))
        .containsExactly(Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED);
    assertThat(firstArrivals(2)).containsExactly("body of a", "body of b");
  }

  @Test
  void should_blame_no_event_when_the_channel_closes_while_others_are_written_trap_11() {
    RabbitMqEventPublisher publisher = publisher(b -> b.exchange("no-such-exchange"));
    List<Event> chunk = Collections.nCopies(50_000, event("a"));

    assertThat(publish(publisher, PATIENCE, chunk))
        .hasSize(50_000)
        .allMatch(Status::isTransportTrouble);
    assertThat(publisher.connectedSince()).as("only the channel was closed").isNotNull();
  }

  @Test
  void should_credit_no_confirm_to_the_wrong_event_when_one_could_not_be_sent_trap_4() {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, PATIENCE, List.of(event("a"), changing()));

    for (int i = 0; i < 5; i++) {
      List<Status> statuses =
          publish(
              publisher,
              PATIENCE,
              List.of(event("missing", "no-such-queue"), event("there"), changing()));
      assertThat(statuses.get(0).isRefusal()).as("%s", statuses).isTrue();
      assertThat(statuses.get(1)).isEqualTo(Status.CONFIRMED);
      assertThat(statuses.get(2)).isEqualTo(Status.REFUSED);
    }
  }
}
