package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Listeners and handlers that do to us what they should not. */
class UserCodeFaultsTest extends CollectorFixture {

  /** A log that is off describes nothing. */
  private final CapturedLog log = new CapturedLog();

  @AfterEach
  void stopListening() {
    log.close();
  }

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

  /** As a proxy of a lazy object may do outside of its session. */
  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no session");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no session");
    }
  }

  private static Stream<Throwable> whateverAPublisherThrows() {
    return Stream.of(
        new Hostile(),
        new IllegalStateException("broken"),
        new Exception("checked, as Kotlin throws it"),
        new StackOverflowError());
  }

  @ParameterizedTest
  @MethodSource("whateverAPublisherThrows")
  void should_keep_every_event_when_the_publisher_throws_promise_1(Throwable thrown) {
    AtomicInteger calls = new AtomicInteger();
    events.close();
    events =
        PublishingEventCollector.builder(
                (chunk, timeout) -> {
                  if (calls.getAndIncrement() == 0) {
                    UserCodeFaultsTest.<RuntimeException>sneak(thrown);
                  }
                  return publisher.publish(chunk, timeout);
                })
            .build();
    events.enqueueEvent("a", "q");
    events.enqueueEvent("b", "q");

    assertThat(events.publish().total()).isEqualTo(2);

    await().until(() -> events.state().confirmed() == 2);
    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void sneak(Throwable thrown) throws X {
    throw (X) thrown;
  }

  @Test
  void
      should_lose_nothing_when_listeners_and_handlers_throw_exceptions_that_cannot_be_described_promise_1() {
    events =
        collector(
            b ->
                b.listener(
                        new EventCollectorListener() {
                          @Override
                          public void onOwed(List<Event> owed) {
                            throw new Hostile();
                          }

                          @Override
                          public void onUndeliverable(UndeliverableEvent given) {
                            throw new Hostile();
                          }
                        })
                    .maxAttempts(1)
                    .undeliverableHandler(
                        given -> {
                          undeliverable.add(given);
                          throw new Hostile();
                        }));
    events.unitsOfWork().listen(new ThrowsAfterPublishing());
    publisher.answer =
        event -> event.queue().equals("q") ? Outcome.confirmed() : Outcome.returned("no route");
    events.enqueueEvent("a", "q");
    events.enqueueEvent("b", "missing");

    PublishReport report = events.publish();

    assertThat(report.confirmed()).isEqualTo(1);
    assertThat(report.undeliverable()).isEqualTo(1);
    assertThat(undeliverable).hasSize(1);
  }

  private static final class ThrowsAfterPublishing implements UnitOfWorkListener {
    @Override
    public void onEnqueued(UnitOfWork unit, Event event, Object payload) {
      throw new Hostile();
    }

    @Override
    public void onPublished(UnitOfWork unit, PublishReport report) {
      throw new Hostile();
    }
  }

  @Test
  void should_refuse_the_payload_when_its_encoder_throws_an_exception_that_cannot_be_described() {
    events =
        collector(
            b ->
                b.encoder(
                    payload -> {
                      throw new Hostile();
                    }));

    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent("a", "q"))
        .withMessageContaining("cannot be encoded")
        .withMessageContaining("Hostile");
  }

  @Test
  @SuppressWarnings("NullAway") // users may not check for it
  void should_refuse_the_payload_when_its_encoder_answers_with_null() {
    events = collector(b -> b.encoder(payload -> null));

    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent("a", "q"));
  }
}
