package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Listeners and handlers that do to us what they should not. */
class UserCodeFaultsTest extends CollectorFixture {

  private void publishFails() {
    publisher.down();
    events.enqueueEvent("a", "q");
    events.publish();
  }

  @Test
  void should_go_on_retrying_when_the_listener_throws_an_error_promise_1() {
    AtomicInteger calls = new AtomicInteger();
    events =
        collector(
            b ->
                b.listener(
                    new EventCollectorListener() {
                      @Override
                      public void onAttempt(
                          List<Event> attempted, List<Outcome> outcomes, Duration took) {
                        calls.incrementAndGet();
                        throw new NoClassDefFoundError("a class of an undeployed web app");
                      }
                    }));
    publishFails();
    await().until(() -> calls.get() >= 3);

    publisher.up();

    await().until(() -> events.state().confirmed() == 1);
  }

  static Stream<UnaryOperator<List<Outcome>>> wrongAnswers() {
    return Stream.of(
        outcomes -> outcomes.subList(0, 1), // too few
        outcomes -> Arrays.asList(null, outcomes.get(outcomes.size() - 1)));
  }

  @ParameterizedTest
  @MethodSource("wrongAnswers")
  void should_keep_every_event_when_the_publisher_answers_wrongly_promise_1(
      UnaryOperator<List<Outcome>> wrong) {
    events.close();
    AtomicInteger calls = new AtomicInteger();
    EventPublisher forgetful =
        (chunk, timeout) -> {
          List<Outcome> outcomes = publisher.publish(chunk, timeout);
          return calls.getAndIncrement() == 0 ? wrong.apply(outcomes) : outcomes;
        };
    events = PublishingEventCollector.builder(forgetful).build();
    events.enqueueEvent("a", "q");
    events.enqueueEvent("b", "q");

    PublishReport report = events.publish();

    assertThat(report.total()).isEqualTo(2);
    await().until(() -> events.state().confirmed() == 2);
    assertThat(publisher.deliveredBodies()).startsWith("a", "b").endsWith("a", "b");
  }

  @Test
  void should_go_on_retrying_when_the_handler_throws_an_error_promise_1() {
    events =
        collector(
            b ->
                b.maxAttempts(2)
                    .undeliverableHandler(
                        given -> {
                          undeliverable.add(given);
                          throw new StackOverflowError();
                        }));
    publisher.answer =
        event -> event.queue().equals("q") ? Outcome.confirmed() : Outcome.returned("no route");
    events.enqueueEvent("a", "missing");
    events.publish();
    await().until(() -> undeliverable.size() == 1);

    publishFails();
    publisher.up();

    await().until(() -> events.state().confirmed() == 1);
  }

  @Test
  void should_go_on_retrying_when_the_listener_leaves_the_interrupt_flag_set_promise_1() {
    AtomicInteger calls = new AtomicInteger();
    events =
        collector(
            b ->
                b.listener(
                    new EventCollectorListener() {
                      @Override
                      public void onAttempt(
                          List<Event> attempted, List<Outcome> outcomes, Duration took) {
                        if (Thread.currentThread().getName().contains("retrier")) {
                          calls.incrementAndGet();
                          Thread.currentThread().interrupt();
                        }
                      }
                    }));
    publishFails();
    await().until(() -> calls.get() >= 3);

    publisher.up();

    await().until(() -> events.state().confirmed() == 1);
  }
}
