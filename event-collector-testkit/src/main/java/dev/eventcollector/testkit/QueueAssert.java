package dev.eventcollector.testkit;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about the messages of a queue of a real broker. They take the messages from the queue;
 * messages taken earlier, through the same {@link Broker}, count as well. As deliveries may still
 * arrive, assertions are retried for {@link Broker#PATIENCE} unless {@link #within} or {@link
 * #during} sets another time. A queue that does not exist yet has received nothing; if it is still
 * missing at the end, the assertion fails. A failing assertion prints all received messages, and
 * how the closest one differs.
 */
public final class QueueAssert extends AbstractAssert<QueueAssert, Broker> {

  private final String queue;
  private final @Nullable PayloadDecoder decoder;
  private final List<Expectation> asserted = new ArrayList<>();
  private Patience patience = new Patience(Broker.PATIENCE, false);

  QueueAssert(Broker actual, String queue, @Nullable PayloadDecoder decoder) {
    super(actual, QueueAssert.class);
    this.queue = queue;
    this.decoder = decoder;
  }

  /** The following assertions are retried until they hold, at most for this time. */
  public QueueAssert within(Duration time) {
    patience = new Patience(time, false);
    return this;
  }

  /** The following assertions have to hold for all of this time from now on. */
  public QueueAssert during(Duration time) {
    patience = new Patience(time, true);
    return this;
  }

  /** Each of these was received, as a message of its own. Others may also have been. */
  public QueueAssert received(ExpectedEvent... expected) {
    return requireDecoder(expected)
        .verify(evidence -> evidence.lacks(Evidence.some(expected)))
        .speakFor(1, expected);
  }

  /** This many messages like this were received. */
  public QueueAssert received(Count count, ExpectedEvent expected) {
    return requireDecoder(expected)
        .verify(evidence -> evidence.lacks(count, expected))
        .speakFor(count.most(), expected);
  }

  /** These were received in this order; others may have been before, between and behind them. */
  public QueueAssert receivedInOrder(ExpectedEvent... expected) {
    return requireDecoder(expected)
        .verify(evidence -> evidence.lacksInOrder(Evidence.some(expected)))
        .speakFor(1, expected);
  }

  /** No message like this was received. */
  public QueueAssert notReceived(ExpectedEvent expected) {
    return received(Count.exactly(0), expected);
  }

  /**
   * No message was received. Looks once, as soon as the queue exists; use {@link #during} to look
   * longer.
   */
  public QueueAssert receivedNothing() {
    return verify(evidence -> evidence.hasMoreThan(List.of()));
  }

  /** Only messages that earlier assertions of the same chain cover were received. */
  public QueueAssert receivedNothingElse() {
    return verify(evidence -> evidence.hasMoreThan(asserted));
  }

  /** Continues with AssertJ's list assertions: all messages received up to now, in order. */
  public ListAssert<ReceivedMessage> messages() {
    return Assertions.assertThat(actual.received(queue)).as("messages of queue %s", queue);
  }

  private QueueAssert speakFor(int most, ExpectedEvent... expected) {
    for (ExpectedEvent event : expected) {
      asserted.add(new Expectation(event, most));
    }
    return this;
  }

  private QueueAssert requireDecoder(ExpectedEvent... expected) {
    for (ExpectedEvent event : expected) {
      if (decoder == null && event.needsDecoder()) {
        failWithMessage(
            "The payload of a message cannot be compared without a decoder: say"
                + " assertThat(broker).decodedBy(...).%nExpected was:%n    %s",
            event);
      }
    }
    return this;
  }

  private QueueAssert verify(Function<Evidence, @Nullable Failure> check) {
    AtomicBoolean missing = new AtomicBoolean();
    Failure failure =
        patience.attempt(
            () -> {
              List<ReceivedMessage> received = receivedUnlessMissing();
              missing.set(received == null);
              if (received != null) {
                return check.apply(evidence(received));
              }
              // With during(), no message so far. Otherwise it is retried: the queue must exist.
              return patience.allTheTime() ? check.apply(evidence(List.of())) : thereIsNoQueue();
            });
    if (failure == null && missing.get()) {
      failure = thereIsNoQueue().and(patience.toString());
    }
    if (failure != null) {
      failWithActualExpectedAndMessage(
          failure.actual(), failure.expected(), "%s", failure.message());
    }
    return this;
  }

  private @Nullable List<ReceivedMessage> receivedUnlessMissing() {
    try {
      return actual.received(queue);
    } catch (IllegalStateException e) {
      // If the queue exists by now, the broker refused something else and will do so again.
      return actual.hasQueue(queue) ? actual.received(queue) : null;
    }
  }

  private Failure thereIsNoQueue() {
    return new Failure(
        "There is no queue " + queue + " on the " + actual + ", so nothing was received from it",
        "queue " + queue,
        "none");
  }

  private Evidence evidence(List<ReceivedMessage> received) {
    List<Candidate> candidates =
        received.stream()
            .<Candidate>map(message -> new Candidate.Received(message, decoder))
            .toList();
    return new Evidence(
        candidates,
        candidates,
        "received",
        Printout.numbered(
            candidates.stream().map(Candidate::toString).toList(),
            "received from queue " + queue + " of the " + actual));
  }
}
