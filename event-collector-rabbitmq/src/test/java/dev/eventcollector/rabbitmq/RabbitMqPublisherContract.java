package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is true of RabbitMQ beyond what is true of any broker. */
abstract class RabbitMqPublisherContract extends PublisherContract {

  @Test
  void should_tell_the_brokers_words_when_an_event_is_returned_trap_1() {
    assertThat(publisher.publish(List.of(event("a", "no-such-queue")), TIMEOUT))
        .containsExactly(Outcome.returned("312 NO_ROUTE"));
  }

  @Test
  void should_refuse_only_the_event_whose_headers_exceed_frame_max_trap_4() {
    Event huge = new Event("huge", queue, new byte[0], null, Map.of("h", "x".repeat(200_000)));

    assertThat(publish(event("a"), huge, event("b")))
        .containsExactly(Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED);
  }
}
