package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The promises that hold on RabbitMQ only. */
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

  @Test
  void should_take_an_expiration_up_to_the_limit_and_close_the_channel_beyond_it() {
    MessageProperties longest =
        MessageProperties.none()
            .withExpiration(Duration.ofMillis(PropertyLimits.MAX_EXPIRATION_MILLIS));
    MessageProperties tooLong =
        MessageProperties.none()
            .withExpiration(Duration.ofMillis(PropertyLimits.MAX_EXPIRATION_MILLIS + 1));

    assertThat(
            publish(
                new Event("a", queue, new byte[0], null, Map.of(), null, longest),
                new Event("b", queue, new byte[0], null, Map.of(), null, tooLong),
                event("c")))
        .containsExactly(Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED);
  }

  @Test
  void should_refuse_only_the_culprit_when_threads_wait_for_one_channel_trap_22() {
    MessageProperties tooLong =
        MessageProperties.none()
            .withExpiration(Duration.ofMillis(PropertyLimits.MAX_EXPIRATION_MILLIS + 1));
    Event culprit = new Event("culprit", queue, new byte[0], null, Map.of(), null, tooLong);
    try (RabbitMqEventPublisher narrow = publisher().maxChannels(1).build()) {
      List<CompletableFuture<List<Outcome>>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Event one = i == 20 ? culprit : event("e" + i);
        all.add(
            CompletableFuture.supplyAsync(
                () -> narrow.publish(List.of(one), TIMEOUT), task -> new Thread(task).start()));
      }

      List<Status> statuses = all.stream().map(one -> one.join().get(0).status()).toList();

      assertThat(statuses.get(20)).isEqualTo(Status.REFUSED);
      assertThat(statuses).filteredOn(Status.CONFIRMED::equals).hasSize(39);
    }
  }

  @Test
  void should_declare_a_queue_with_arguments_and_go_on_when_another_has_others() {
    String declared = queue + "-limited";
    broker.deleteAtEnd(declared);
    for (int length : new int[] {1, 2}) { // the second time the queue has another limit
      try (RabbitMqEventPublisher declaring =
          publisher()
              .declareQueue(
                  declared, Map.of("x-max-length", length, "x-overflow", "reject-publish"))
              .build()) {
        assertThat(
                declaring.publish(
                    List.of(event("a" + length, declared), event("b" + length)), TIMEOUT))
            .extracting(Outcome::status)
            .containsExactly(length == 1 ? Status.CONFIRMED : Status.NACKED, Status.CONFIRMED);
      }
    }
  }
}
