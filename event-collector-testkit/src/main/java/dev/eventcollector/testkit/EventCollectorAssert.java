package dev.eventcollector.testkit;

import static java.util.Objects.requireNonNull;

import dev.eventcollector.testkit.EventLog.Mark;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about the fate of the events of an {@link InMemoryEventCollector}.
 *
 * <pre>{@code
 * assertThat(events)
 *     .published(event().toQueue("orders").withPayload(OrderPlaced.class, p -> p.id() == 42))
 *     .published(exactly(2), event().toQueue("stock"))
 *     .publishedNothingElse();
 * assertThat(events).within(Duration.ofSeconds(5)).published(event().toQueue("mails"));
 * assertThat(events).during(Duration.ofMillis(200)).notPublished(event().toQueue("mails"));
 * }</pre>
 *
 * <p>An event is <em>published</em> once its unit of work has published it, even if the publisher
 * has not confirmed it; use {@link ExpectedEvent#at} to require more. A failing assertion prints
 * all recorded events, and how the closest one differs.
 */
public class EventCollectorAssert
    extends AbstractAssert<EventCollectorAssert, InMemoryEventCollector> {

  private final Mark since;
  private final List<Expectation> asserted;
  private Patience patience = Patience.NONE;

  /**
   * Asserts about all recorded events of the collector. Use {@link EventAssertions#assertThat};
   * this is for the subclasses of soft assertions.
   */
  protected EventCollectorAssert(InMemoryEventCollector actual) {
    super(actual, EventCollectorAssert.class);
    this.since = Mark.BEGINNING;
    this.asserted = actual.log().asserted();
  }

  /** Asserts only about events after the mark. */
  EventCollectorAssert(InMemoryEventCollector actual, Mark since) {
    super(actual, EventCollectorAssert.class);
    this.since = since;
    this.asserted = new CopyOnWriteArrayList<>();
  }

  /** The following assertions are retried until they hold, at most for this time. */
  public EventCollectorAssert within(Duration time) {
    patience = new Patience(time, false);
    return this;
  }

  /** The following assertions have to hold for all of this time from now on. */
  public EventCollectorAssert during(Duration time) {
    patience = new Patience(time, true);
    return this;
  }

  /** Each of these was published, as an event of its own. Others may also have been. */
  public EventCollectorAssert published(ExpectedEvent... expected) {
    return verify(Verb.PUBLISHED, evidence -> evidence.lacks(Evidence.some(expected)))
        .speakFor(1, expected);
  }

  /** This many events like this were published. */
  public EventCollectorAssert published(Count count, ExpectedEvent expected) {
    return verify(Verb.PUBLISHED, evidence -> evidence.lacks(count, expected))
        .speakFor(count.most(), expected);
  }

  /** These were published in this order; others may have been before, between and behind them. */
  public EventCollectorAssert publishedInOrder(ExpectedEvent... expected) {
    return verify(Verb.PUBLISHED, evidence -> evidence.lacksInOrder(Evidence.some(expected)))
        .speakFor(1, expected);
  }

  /** No event like this was published. */
  public EventCollectorAssert notPublished(ExpectedEvent expected) {
    return published(Count.exactly(0), expected);
  }

  /** No event was published. */
  public EventCollectorAssert publishedNothing() {
    return verify(Verb.PUBLISHED, evidence -> evidence.hasMoreThan(List.of()));
  }

  /**
   * Only events that earlier assertions cover were published: {@code published(event)} covers one
   * event, {@code published(exactly(2), event)} two. After {@link
   * EventAssertions#assertThatPublishedBy} the assertions of the same chain count.
   */
  public EventCollectorAssert publishedNothingElse() {
    return verify(Verb.PUBLISHED, evidence -> evidence.hasMoreThan(asserted));
  }

  /**
   * Each of these was stored by an outbox in a transaction of the user's that was committed, as an
   * event of its own; it may have been published since. An event that was enqueued outside of the
   * transaction was not. Where {@code JdbcOutbox.store(connection)} is used by hand, use {@link
   * #within}: the outbox looks whether the transaction was committed.
   */
  public EventCollectorAssert stored(ExpectedEvent... expected) {
    return verify(Verb.STORED, evidence -> evidence.lacks(Evidence.some(expected)));
  }

  /** So many events like this were stored, in transactions that were committed. */
  public EventCollectorAssert stored(Count count, ExpectedEvent expected) {
    return verify(Verb.STORED, evidence -> evidence.lacks(count, expected));
  }

  /** No transaction that was committed has stored anything. */
  public EventCollectorAssert storedNothing() {
    return verify(Verb.STORED, evidence -> evidence.hasMoreThan(List.of()));
  }

  /** Each of these was enqueued, as an event of its own, regardless of its fate. */
  public EventCollectorAssert enqueued(ExpectedEvent... expected) {
    return verify(Verb.ENQUEUED, evidence -> evidence.lacks(Evidence.some(expected)));
  }

  /** This many events like this were enqueued, regardless of their fate. */
  public EventCollectorAssert enqueued(Count count, ExpectedEvent expected) {
    return verify(Verb.ENQUEUED, evidence -> evidence.lacks(count, expected));
  }

  /** No event was enqueued. */
  public EventCollectorAssert enqueuedNothing() {
    return verify(Verb.ENQUEUED, evidence -> evidence.hasMoreThan(List.of()));
  }

  /** Each of these was enqueued, but neither published nor cleared. */
  public EventCollectorAssert collected(ExpectedEvent... expected) {
    return verify(Verb.COLLECTED, evidence -> evidence.lacks(Evidence.some(expected)));
  }

  /** This many events like this were enqueued, but neither published nor cleared. */
  public EventCollectorAssert collected(Count count, ExpectedEvent expected) {
    return verify(Verb.COLLECTED, evidence -> evidence.lacks(count, expected));
  }

  /** All enqueued events were published or cleared. */
  public EventCollectorAssert collectedNothing() {
    return verify(Verb.COLLECTED, evidence -> evidence.hasMoreThan(List.of()));
  }

  /** Each of these was dropped, because its unit of work failed. */
  public EventCollectorAssert cleared(ExpectedEvent... expected) {
    return verify(Verb.CLEARED, evidence -> evidence.lacks(Evidence.some(expected)));
  }

  /** This many events like this were dropped. */
  public EventCollectorAssert cleared(Count count, ExpectedEvent expected) {
    return verify(Verb.CLEARED, evidence -> evidence.lacks(count, expected));
  }

  /** No event was dropped. */
  public EventCollectorAssert clearedNothing() {
    return verify(Verb.CLEARED, evidence -> evidence.hasMoreThan(List.of()));
  }

  /**
   * Every unit of work has ended, and none is bound to a thread. Since another thread may be about
   * to end one, this is retried for five seconds, unless {@link #within} or {@link #during} sets
   * another time.
   */
  public EventCollectorAssert endedEveryUnitOfWork() {
    return verify(
        patience == Patience.NONE ? Patience.A_MOMENT : patience,
        Verb.ENQUEUED,
        evidence ->
            actual.openUnitsOfWork().isEmpty()
                ? null
                : new Failure(
                    "Expected every unit of work to have ended, but these are open:\n  "
                        + String.join("\n  ", actual.openUnitsOfWork())
                        + "\n"
                        + evidence.printout(),
                    "",
                    String.join("\n", actual.openUnitsOfWork())));
  }

  /**
   * Continues with AssertJ's list assertions: the published payloads of this type, in order. For
   * example {@code .publishedPayloads(OrderPlaced.class).extracting(OrderPlaced::id)}. Fails when a
   * payload of another type was published; {@code
   * assertThat(events.published().ofType(type).payloads(type))} excludes those.
   */
  public <T> ListAssert<T> publishedPayloads(Class<T> type) {
    RecordedEvents recorded = actual.log().recordedSince(since);
    List<T> payloads = recorded.published().payloads(type);
    return Assertions.assertThat(payloads)
        .as("payloads of type %s; %s", type.getTypeName(), Printout.of(recorded));
  }

  private EventCollectorAssert speakFor(int most, ExpectedEvent... expected) {
    for (ExpectedEvent event : expected) {
      Expectation expectation = new Expectation(event, most);
      asserted.add(expectation);
      if (asserted != actual.log().asserted()) {
        actual.log().asserted().add(expectation);
      }
    }
    return this;
  }

  private EventCollectorAssert verify(Verb verb, Function<Evidence, @Nullable Failure> check) {
    return verify(patience, verb, check);
  }

  private EventCollectorAssert verify(
      Patience tried, Verb verb, Function<Evidence, @Nullable Failure> check) {
    Failure failure = tried.attempt(() -> check.apply(evidence(verb)));
    if (failure != null) {
      failWithActualExpectedAndMessage(
          failure.actual(), failure.expected(), "%s", failure.message());
    }
    return this;
  }

  private Evidence evidence(Verb verb) {
    RecordedEvents recorded = actual.log().recordedSince(since);
    Map<RecordedEvent, Candidate> candidates = new IdentityHashMap<>();
    for (RecordedEvents.Placed placed : recorded.placed()) {
      candidates.put(placed.event(), new Candidate.Recorded(placed));
    }
    return new Evidence(
        candidates(recorded, candidates),
        candidates(verb.selection.apply(recorded), candidates),
        verb.text,
        Printout.of(recorded) + SpringTestTransaction.hint());
  }

  private static List<Candidate> candidates(
      RecordedEvents events, Map<RecordedEvent, Candidate> candidates) {
    return events.stream().map(event -> requireNonNull(candidates.get(event))).toList();
  }

  /** The verb of an assertion about events. */
  private enum Verb {
    ENQUEUED("enqueued", events -> events),
    COLLECTED("enqueued, but neither published nor cleared", RecordedEvents::collected),
    PUBLISHED("published", RecordedEvents::published),
    STORED("stored in a transaction that was committed", RecordedEvents::stored),
    CLEARED("cleared", RecordedEvents::cleared);

    private final String text;
    private final UnaryOperator<RecordedEvents> selection;

    Verb(String text, UnaryOperator<RecordedEvents> selection) {
      this.text = text;
      this.selection = selection;
    }
  }
}
