package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Exchange;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The broker's answers, in every order in which they may come. */
class ChunkConfirmsTest {

  private static final Outcome SILENCE = Outcome.unknown("silence");

  private final List<Event> chunk = new ArrayList<>();
  private final ChunkConfirms confirms = expecting(5, 100);

  private ChunkConfirms expecting(int size, long firstTag) {
    chunk.clear();
    for (int i = 0; i < size; i++) {
      chunk.add(FaultFixture.event("e" + i, "q"));
    }
    return new ChunkConfirms(new EventChunk(List.copyOf(chunk), ""), firstTag);
  }

  private static List<Status> statuses(ChunkConfirms of) {
    return of.outcomes(of.size(), SILENCE).stream().map(Outcome::status).toList();
  }

  private static boolean isComplete(ChunkConfirms of) throws InterruptedException {
    return of.await(System.nanoTime());
  }

  @Test
  void should_confirm_all_up_to_the_tag_when_acked_with_multiple_trap_5() throws Exception {
    confirms.acked(102, true);

    assertThat(statuses(confirms))
        .containsExactly(
            Status.CONFIRMED, Status.CONFIRMED, Status.CONFIRMED, Status.UNKNOWN, Status.UNKNOWN);
    assertThat(isComplete(confirms)).isFalse();
    confirms.acked(104, true);
    assertThat(isComplete(confirms)).isTrue();
  }

  @Test
  void should_confirm_exactly_the_tag_when_acked_singly_and_out_of_order_trap_5() throws Exception {
    confirms.acked(104, false);
    confirms.acked(101, false);

    assertThat(statuses(confirms))
        .containsExactly(
            Status.UNKNOWN, Status.CONFIRMED, Status.UNKNOWN, Status.UNKNOWN, Status.CONFIRMED);
    confirms.acked(103, true);
    assertThat(isComplete(confirms)).isTrue();
  }

  @Test
  void should_keep_the_first_answer_when_multiple_passes_over_it_trap_5() throws Exception {
    confirms.nacked(101, false);
    confirms.acked(104, true);
    confirms.nacked(104, true);

    assertThat(statuses(confirms))
        .containsExactly(
            Status.CONFIRMED, Status.NACKED, Status.CONFIRMED, Status.CONFIRMED, Status.CONFIRMED);
    assertThat(isComplete(confirms)).isTrue();
  }

  private static Event toExchange(String exchange, boolean mandatory) {
    return new Event(
        "same id",
        "key",
        new byte[0],
        null,
        Map.of(),
        new Exchange(exchange, mandatory),
        MessageProperties.none());
  }

  @Test
  void should_count_as_confirmed_and_unrouted_when_an_event_that_may_be_comes_back() {
    List<Event> optional = List.of(toExchange("a", false), toExchange("b", false));
    ChunkConfirms two = new ChunkConfirms(new EventChunk(optional, ""), 1);
    two.returned("same id", "b", "key", "312 NO_ROUTE");
    two.acked(2, true);

    assertThat(two.outcomes(2, SILENCE))
        .containsExactly(Outcome.confirmed(), Outcome.unrouted("312 NO_ROUTE"));
  }

  @Test
  void should_return_only_the_one_when_another_exchange_has_an_event_with_the_same_id_and_key() {
    List<Event> mandatory = List.of(toExchange("a", true), toExchange("b", true));
    ChunkConfirms two = new ChunkConfirms(new EventChunk(mandatory, ""), 1);
    two.returned("same id", "a", "key", "312 NO_ROUTE");
    two.acked(2, true);

    assertThat(statuses(two)).containsExactly(Status.RETURNED, Status.CONFIRMED);
  }

  @Test
  void should_let_the_return_outweigh_the_ack_promise_2() {
    confirms.returned("e2", "", "q", "312 NO_ROUTE");
    confirms.acked(104, true);

    assertThat(confirms.outcomes(5, SILENCE).get(2)).isEqualTo(Outcome.returned("312 NO_ROUTE"));
    assertThat(statuses(confirms)).filteredOn(Status.CONFIRMED::equals).hasSize(4);
  }

  @Test
  void should_be_returned_when_the_connection_was_lost_before_the_ack_of_a_returned_one() {
    confirms.returned("e2", "", "q", "312 NO_ROUTE");
    confirms.shutDown("connection reset", ShutdownKind.LOST);

    assertThat(statuses(confirms).get(2)).isEqualTo(Status.RETURNED);
  }

  @Test
  void should_tell_events_with_the_same_id_for_different_queues_apart_promise_2() {
    ChunkConfirms two =
        new ChunkConfirms(
            new EventChunk(
                List.of(FaultFixture.event("a", "no-such-queue"), FaultFixture.event("a", "q")),
                ""),
            1);
    two.returned("a", "", "no-such-queue", "312 NO_ROUTE");
    two.acked(2, true);

    assertThat(statuses(two)).containsExactly(Status.RETURNED, Status.CONFIRMED);
  }

  @Test
  void should_ignore_answers_to_an_earlier_chunk_trap_6() throws Exception {
    confirms.acked(99, true);
    confirms.acked(42, false);
    confirms.nacked(99, true);

    assertThat(statuses(confirms)).containsOnly(Status.UNKNOWN);
    assertThat(isComplete(confirms)).isFalse();
  }

  @Test
  void should_credit_an_answer_to_no_event_when_its_tag_is_beyond_the_chunk_trap_6() {
    confirms.acked(105, false);

    assertThat(statuses(confirms)).containsOnly(Status.UNKNOWN);
  }

  @Test
  void should_wake_the_waiting_thread_when_shut_down_trap_7() throws Exception {
    confirms.acked(100, false);
    confirms.shutDown("connection reset", ShutdownKind.LOST);

    assertThat(confirms.await(Long.MAX_VALUE / 2 + System.nanoTime())).isFalse();
    assertThat(statuses(confirms))
        .containsExactly(
            Status.CONFIRMED, Status.UNKNOWN, Status.UNKNOWN, Status.UNKNOWN, Status.UNKNOWN);
  }

  @Test
  void should_blame_the_event_when_the_broker_closed_the_channel_over_it_alone_trap_13() {
    ChunkConfirms alone = expecting(1, 1);
    alone.shutDown("406 PRECONDITION_FAILED", ShutdownKind.CHANNEL_ERROR);
    confirms.shutDown("406 PRECONDITION_FAILED", ShutdownKind.CHANNEL_ERROR);

    assertThat(statuses(alone)).containsExactly(Status.REFUSED);
    assertThat(statuses(confirms)).as("nobody knows which one").containsOnly(Status.UNKNOWN);
  }

  @Test
  void should_wait_only_for_sent_messages_when_the_client_refused_one_trap_4() throws Exception {
    confirms.acked(100, false);
    confirms.sentOnly(2);
    assertThat(isComplete(confirms)).isFalse();

    confirms.acked(101, false);

    assertThat(isComplete(confirms)).isTrue();
  }

  @Test
  void should_confirm_none_of_the_open_ones_when_a_return_matches_nothing_trap_20() {
    confirms.acked(101, true);
    assertThat(confirms.returned("e?", "", "q", "312 NO_ROUTE")).isFalse();

    confirms.returnedUnrecognized("e?", "q", "312 NO_ROUTE");
    confirms.acked(104, true);

    assertThat(statuses(confirms))
        .containsExactly(
            Status.CONFIRMED, Status.CONFIRMED, Status.UNKNOWN, Status.UNKNOWN, Status.UNKNOWN);
    assertThat(confirms.outcomes(5, SILENCE).get(4).reason()).contains("e?", "312 NO_ROUTE");
  }

  @Test
  void should_be_returned_when_it_is_alone_and_a_return_matches_nothing_trap_20() {
    ChunkConfirms alone = expecting(1, 1);
    alone.returnedUnrecognized("e?", "q", "312 NO_ROUTE");
    alone.acked(1, false);

    assertThat(statuses(alone)).containsExactly(Status.RETURNED);
  }
}
