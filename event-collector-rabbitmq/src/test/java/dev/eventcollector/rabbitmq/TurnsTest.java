package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order of chunks that wait for a channel, and the companions they have. */
class TurnsTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final Turns turns = new Turns(1);

  private static WaitingChunk waiting(String queue, int events, int bytesEach, Duration timeout) {
    return waiting("", queue, events, bytesEach, timeout, true);
  }

  private static WaitingChunk waiting(
      String exchange,
      String queue,
      int events,
      int bytesEach,
      Duration timeout,
      boolean mayGoWithOthers) {
    List<Event> chunk =
        IntStream.range(0, events)
            .mapToObj(i -> new Event("e" + i, queue, new byte[bytesEach], null, Map.of()))
            .toList();
    long deadline = System.nanoTime() + timeout.toNanos();
    EventChunk all = new EventChunk(chunk, exchange);
    return new WaitingChunk(
        all, deadline, deadline, mayGoWithOthers ? WaitingChunk.soleQueue(all) : null);
  }

  private WaitingChunk join(WaitingChunk chunk) {
    turns.join(chunk);
    return chunk;
  }

  private WaitingChunk join(String queue) {
    return join(waiting(queue, 1, 10, LONG));
  }

  private ChunksTogether together() {
    return together(null);
  }

  private ChunksTogether together(@Nullable String afterOneOf) {
    return Objects.requireNonNull(turns.end(afterOneOf), "chunks that go together");
  }

  private static void assertHasTurn(WaitingChunk chunk, Turns turns) throws Exception {
    assertThat(chunk.await(turns)).isNull();
  }

  @Test
  void should_give_turns_in_the_order_of_arrival_when_chunks_are_for_several_queues()
      throws Exception {
    assertThat(turns.take(null)).isTrue();
    WaitingChunk first = join("a");
    WaitingChunk second = join("b");
    assertThat(turns.take(null)).as("a turn for one that came later").isFalse();

    assertThat(turns.end(null)).isNull();
    assertHasTurn(first, turns);
    assertThat(turns.take(null)).isFalse();
    assertThat(turns.end("a")).isNull();
    assertHasTurn(second, turns);
    assertThat(turns.end("b")).isNull();
    assertThat(turns.take(null)).isTrue();
  }

  @Test
  void should_give_one_turn_to_all_for_the_same_queue_and_their_own_outcomes() throws Exception {
    turns.take(null);
    WaitingChunk one = join(waiting("a", 1, 10, LONG));
    WaitingChunk other = join("b");
    WaitingChunk two = join(waiting("a", 2, 10, LONG));

    ChunksTogether together = together();

    assertThat(together.asOne().size()).isEqualTo(3);
    assertThat(IntStream.range(0, 3).mapToObj(together.asOne()::id))
        .containsExactly("e0", "e0", "e1");
    together.published(
        new Published(
            List.of(Outcome.confirmed(), Outcome.returned("why"), Outcome.nacked("full")),
            ShutdownKind.NONE));
    assertThat(statuses(one)).containsExactly(Status.CONFIRMED);
    assertThat(statuses(two)).containsExactly(Status.RETURNED, Status.NACKED);
    assertThat(turns.end("a")).isNull();
    assertHasTurn(other, turns);
  }

  private List<Status> statuses(WaitingChunk chunk) throws Exception {
    Published published = Objects.requireNonNull(chunk.await(turns), "published by others");
    assertThat(published.withOthers()).isTrue();
    return published.outcomes().stream().map(Outcome::status).toList();
  }

  @Test
  void should_tell_those_after_a_message_that_cannot_be_sent_that_nothing_of_them_was()
      throws Exception {
    turns.take(null);
    WaitingChunk first = join(waiting("a", 2, 10, LONG));
    WaitingChunk second = join("a");
    ChunksTogether together = together();

    together.published(
        new Published(List.of(Outcome.confirmed(), Outcome.refused("no")), ShutdownKind.NONE));

    assertThat(statuses(first)).containsExactly(Status.CONFIRMED, Status.REFUSED);
    assertThat(statuses(second)).isEmpty();
  }

  @Test
  void should_leave_large_and_foreign_chunks_alone() throws Exception {
    turns.take(null);
    List<WaitingChunk> alone =
        List.of(
            waiting("a", 17, 10, LONG),
            waiting("a", 1, 64 * 1024, LONG),
            waiting("a", 1, 10, Duration.ofSeconds(30)), // its time ends long before the others'
            waiting("an-exchange", "a", 1, 10, LONG, true),
            waiting("", "a", 1, 10, LONG, false));
    alone.forEach(turns::join);
    WaitingChunk usual = join("a");

    String ended = null;
    for (WaitingChunk one : alone) {
      assertThat(turns.end(ended)).isNull();
      assertHasTurn(one, turns);
      ended = one.queue();
    }
    assertThat(turns.end(ended)).isNull();
    assertHasTurn(usual, turns);
  }

  @Test
  void should_not_let_large_chunks_wait_for_small_ones_when_channels_are_free() throws Exception {
    Turns many = new Turns(10);
    for (int i = 0; i < 8; i++) {
      assertThat(many.take("a")).isTrue();
    }
    assertThat(many.take("a")).as("a ninth turn of the same queue").isFalse();
    WaitingChunk small = waiting("a", 1, 10, LONG);
    many.join(small);
    WaitingChunk[] large = new WaitingChunk[3];
    for (int i = 0; i < 3; i++) {
      large[i] = waiting("a", 17, 10, LONG);
      many.join(large[i]);
    }
    assertHasTurn(large[0], many);
    assertHasTurn(large[1], many);

    assertThat(many.end(null)).isNull();
    assertHasTurn(large[2], many);
    assertThat(many.leave(small)).as("still waits for a turn of its queue").isTrue();
  }

  @Test
  void should_not_wait_for_another_queue_that_does_not_confirm() {
    Turns many = new Turns(64);
    for (int i = 0; i < 8; i++) {
      assertThat(many.take("stuck")).isTrue();
    }
    many.join(waiting("stuck", 1, 10, LONG));

    assertThat(many.take("stuck")).isFalse();
    assertThat(many.most("stuck")).isEqualTo("8 are in use for queue stuck, or all 64");
    assertThat(many.take("healthy")).isTrue();
    assertThat(many.end("healthy")).isNull();
  }

  @Test
  void should_take_no_more_than_a_channel_can_carry_at_once() {
    turns.take(null);
    for (int i = 0; i < 70; i++) {
      join("many");
    }
    for (int i = 0; i < 5; i++) {
      join(waiting("heavy", 1, 60 * 1024, LONG));
    }

    assertThat(Stream.of("", "many", "many", "heavy").map(this::sizeAfter))
        .containsExactly(64, 6, 4, 0);
  }

  private int sizeAfter(String queue) {
    ChunksTogether together = turns.end(queue.isEmpty() ? null : queue);
    return together == null ? 0 : together.asOne().size();
  }

  @Test
  void should_say_that_no_channel_became_free_when_the_time_ends_first() throws Exception {
    turns.take(null);
    WaitingChunk late = join(waiting("a", 1, 10, Duration.ofNanos(1)));

    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> late.await(turns))
        .withMessage("no channel became free; 1 are in use");
    assertThat(turns.end(null)).isNull();
    assertThat(turns.take(null)).as("the turn of the one that left").isTrue();
  }

  @Test
  void should_not_know_the_outcome_when_companions_take_longer_than_its_time() throws Exception {
    turns.take(null);
    EventChunk one =
        new EventChunk(List.of(new Event("e0", "a", new byte[10], null, Map.of())), "");
    long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    WaitingChunk impatient = join(new WaitingChunk(one, deadline, deadline, "a"));
    join(new WaitingChunk(one, deadline, deadline, "a"));
    together();

    assertThat(statuses(impatient)).containsExactly(Status.UNKNOWN);
  }

  @Test
  void should_not_know_the_outcome_when_interrupted_while_companions_take_it_along()
      throws Exception {
    turns.take(null);
    WaitingChunk interrupted = join("a");
    join("a");
    together();

    Thread.currentThread().interrupt();
    List<Status> statuses = statuses(interrupted);

    assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
    assertThat(statuses).containsExactly(Status.UNKNOWN);
  }

  @Test
  void should_send_nothing_when_interrupted_while_it_waits() {
    turns.take(null);
    WaitingChunk interrupted = join("a");

    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> interrupted.await(turns));
    assertThat(turns.end(null)).isNull();
    assertThat(turns.take(null)).isTrue();
  }

  @Test
  void should_not_shift_outcomes_when_a_caller_uses_its_list_again_promise_2() throws Exception {
    turns.take(null);
    List<Event> mine = new ArrayList<>(List.of(new Event("e0", "a", new byte[10], null, Map.of())));
    long deadline = System.nanoTime() + LONG.toNanos();
    turns.join(new WaitingChunk(new EventChunk(mine, ""), deadline, deadline, "a"));
    WaitingChunk other = join("a");
    ChunksTogether together = together();

    mine.clear(); // its call returned, for it was interrupted
    together.published(
        new Published(List.of(Outcome.confirmed(), Outcome.nacked("full")), ShutdownKind.NONE));

    assertThat(statuses(other)).containsExactly(Status.NACKED);
    assertThat(together.asOne().id(0)).isEqualTo("e0");
  }

  @Test
  void should_not_go_with_one_whose_time_to_start_is_over() throws Exception {
    turns.take(null);
    List<Event> events = List.of(new Event("e0", "a", new byte[10], null, Map.of()));
    long now = System.nanoTime();
    long deadline = now + LONG.toNanos();
    WaitingChunk late = join(new WaitingChunk(new EventChunk(events, ""), now, deadline, "a"));
    WaitingChunk inTime = join("a");

    assertThat(turns.end(null)).isNull();

    assertHasTurn(inTime, turns);
    assertThat(turns.leave(late)).isTrue();
  }

  @Test
  void should_wait_again_in_their_order_when_they_cannot_go_together_after_all() throws Exception {
    turns.take(null);
    WaitingChunk first = join("a");
    WaitingChunk second = join("a");
    WaitingChunk third = join("a");
    WaitingChunk later = join("b");

    turns.apart(together());

    assertHasTurn(first, turns);
    assertThat(turns.take(null)).isFalse();
    assertThat(together("a").asOne().size()).isEqualTo(2);
    assertThat(turns.leave(second) || turns.leave(third)).isFalse();
    assertThat(turns.end("a")).isNull();
    assertHasTurn(later, turns);
  }

  @Test
  void should_pass_a_turn_on_when_the_thread_it_is_for_waits_no_longer() throws Exception {
    turns.take(null);
    WaitingChunk failed = join("a");
    WaitingChunk interrupted = join("b");
    join("b");
    WaitingChunk next = join("c");
    assertThat(failed.leave(new OutOfMemoryError())).isTrue();
    ChunksTogether together = together();
    Thread.currentThread().interrupt();
    assertThat(statuses(interrupted)).containsExactly(Status.UNKNOWN);
    assertThat(Thread.interrupted()).isTrue();

    turns.apart(together);

    assertThat(turns.end("b")).isNull();
    assertHasTurn(next, turns);
  }
}
