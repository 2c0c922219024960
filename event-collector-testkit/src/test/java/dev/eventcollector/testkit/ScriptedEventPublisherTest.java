package dev.eventcollector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ScriptedEventPublisherTest {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ScriptedEventPublisher publisher = new ScriptedEventPublisher();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void should_confirm_and_deliver_when_it_was_told_nothing() {
    List<Event> chunk = events("a", "b");

    assertThat(publisher.publish(chunk, SHORT))
        .containsExactly(Outcome.confirmed(), Outcome.confirmed());
    assertThat(publisher.delivered()).isEqualTo(chunk);
  }

  @Test
  void should_answer_in_the_order_of_the_script_when_events_come() {
    publisher.next(
        Answer.returned("no route"),
        Answer.nacked("full"),
        Answer.refused("too large"),
        Answer.confirmLost(),
        Answer.notSent("down"),
        Answer.confirmed());

    List<Outcome> first = publisher.publish(events("a", "b", "c"), SHORT);
    List<Outcome> second = publisher.publish(events("d", "e", "f", "g"), SHORT);

    assertThat(first)
        .containsExactly(
            Outcome.returned("no route"), Outcome.nacked("full"), Outcome.refused("too large"));
    assertThat(second)
        .extracting(Outcome::status)
        .containsExactly(Status.UNKNOWN, Status.NOT_SENT, Status.CONFIRMED, Status.CONFIRMED);
    assertThat(publisher.delivered()).extracting(Event::id).containsExactly("d", "f", "g");
  }

  @Test
  void should_prefer_the_answer_for_the_queue_when_there_is_one() {
    publisher.toQueue("mistyped", Answer.returned("no route")).next(Answer.nacked("full"));

    List<Outcome> outcomes =
        publisher.publish(List.of(event("a", "mistyped"), event("b", "orders")), SHORT);

    assertThat(outcomes).containsExactly(Outcome.returned("no route"), Outcome.nacked("full"));
  }

  @Test
  void should_go_on_until_told_otherwise_when_an_answer_is_for_everything() {
    publisher.otherwise(Answer.notSent("down")).next(2, Answer.confirmed());

    assertThat(publisher.publish(events("a", "b", "c", "d"), SHORT))
        .extracting(Outcome::status)
        .containsExactly(Status.CONFIRMED, Status.CONFIRMED, Status.NOT_SENT, Status.NOT_SENT);

    publisher.next(Answer.nacked("full")).toQueue("orders", Answer.returned("no route"));
    publisher.confirmEverything();

    assertThat(publisher.publish(events("e"), SHORT)).containsExactly(Outcome.confirmed());
  }

  @Test
  void should_leave_the_rest_unknown_when_it_hangs_until_the_timeout() {
    publisher.next(Answer.confirmed(), Answer.hang());

    long start = System.nanoTime();
    List<Outcome> outcomes = publisher.publish(events("a", "b", "c"), SHORT);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
    assertThat(outcomes)
        .extracting(Outcome::status)
        .containsExactly(Status.CONFIRMED, Status.UNKNOWN, Status.UNKNOWN);
    assertThat(publisher.delivered()).extracting(Event::id).containsExactly("a");
  }

  @Test
  void should_return_early_and_stay_interrupted_when_a_hanging_thread_is_interrupted() {
    publisher.next(Answer.hang());

    Thread.currentThread().interrupt();
    List<Outcome> outcomes = publisher.publish(events("a"), LONG);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcomes).extracting(Outcome::status).containsExactly(Status.UNKNOWN);
  }

  @Test
  void should_hold_events_up_until_the_gate_is_opened_when_blocked() throws Exception {
    Future<List<Outcome>> outcomes;
    try (Gate gate = publisher.blockNext()) {
      outcomes = threads.submit(() -> publisher.publish(events("a"), SHORT));
      gate.awaitArrival(LONG);

      assertThat(publisher.delivered()).isEmpty();
      assertThat(publisher.attempts())
          .singleElement()
          .satisfies(attempt -> assertThat(attempt.outcome()).isNull());
      assertThat(outcomes).isNotDone();
    }

    assertThat(outcomes.get(60, TimeUnit.SECONDS)).containsExactly(Outcome.confirmed());
    assertThat(publisher.delivered()).hasSize(1);
  }

  @Test
  void should_say_so_when_nothing_comes_to_the_gate() {
    Gate gate = publisher.blockNext();

    assertThatThrownBy(() -> gate.awaitArrival(SHORT))
        .isInstanceOf(AssertionError.class)
        .hasMessage("no event has come to the gate within PT0.05S");
  }

  @Test
  void should_throw_the_given_exception_when_its_turn_comes() {
    RuntimeException failure = new IllegalStateException("broken");
    publisher.next(Answer.confirmed(), Answer.thrown(failure));

    assertThatThrownBy(() -> publisher.publish(events("a", "b"), SHORT)).isSameAs(failure);
    assertThat(publisher.delivered()).extracting(Event::id).containsExactly("a");
  }

  @Test
  void should_send_nothing_more_and_give_up_hanging_requests_when_it_is_closed() throws Exception {
    publisher.next(Answer.hang());
    Future<List<Outcome>> hanging = threads.submit(() -> publisher.publish(events("a"), LONG));

    publisher.close();

    assertThat(hanging.get(60, TimeUnit.SECONDS))
        .singleElement()
        .matches(outcome -> !outcome.isConfirmed());
    assertThat(publisher.publish(events("b"), SHORT))
        .containsExactly(Outcome.notSent("the publisher is closed"));
  }

  @Test
  void should_record_every_attempt_with_its_thread_when_many_threads_publish() throws Exception {
    publisher.next(100, Answer.nacked("full"));
    List<Callable<List<Outcome>>> tasks = new ArrayList<>();
    IntStream.range(0, 200).forEach(i -> tasks.add(() -> publisher.publish(events("e" + i), LONG)));

    List<Outcome> outcomes = new ArrayList<>();
    for (Future<List<Outcome>> done : threads.invokeAll(tasks)) {
      outcomes.addAll(done.get());
    }

    assertThat(outcomes).filteredOn(Outcome::isConfirmed).hasSize(100);
    assertThat(publisher.attempts()).hasSize(200);
    assertThat(publisher.attempts())
        .allSatisfy(attempt -> assertThat(attempt.thread()).startsWith("pool-"))
        .extracting(attempt -> attempt.event().id())
        .doesNotHaveDuplicates();
  }

  private static List<Event> events(String... ids) {
    return Stream.of(ids).map(id -> event(id, "orders")).toList();
  }

  private static Event event(String id, String queue) {
    return new Event(id, queue, new byte[0], null, Map.of());
  }
}
