package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A publisher without a broker that a test scripts, to check how a service copes with returned,
 * nacked, lost or delayed events. It confirms events without a script.
 *
 * <pre>{@code
 * var publisher = new ScriptedEventPublisher();
 * publisher.next(Answer.nacked("queue is full"), Answer.confirmLost());
 * publisher.toQueue("mistyped", Answer.returned("312 NO_ROUTE"));
 * publisher.otherwise(Answer.notSent("broker is down"));
 * }</pre>
 *
 * <p>Each event that is sent gets the answer for its queue, else the next of the script, else that
 * of {@link #otherwise}. An event that is sent again counts as another.
 *
 * <p>Safe for use by many threads.
 */
public final class ScriptedEventPublisher implements EventPublisher {

  private final Deque<Answer> script = new ArrayDeque<>();
  private final Map<String, Answer> answersByQueue = new LinkedHashMap<>();
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Event> delivered = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private Answer otherwise = Answer.confirmed();

  /** A publisher that confirms everything. */
  public ScriptedEventPublisher() {}

  /**
   * An event that the publisher got.
   *
   * @param event the event
   * @param outcome the answer; null while there is none, or when the publisher threw
   * @param thread the name of the thread that published
   */
  public record Attempt(Event event, @Nullable Outcome outcome, String thread) {}

  /** Adds the answers to the next events, one each, after those given before. */
  public synchronized ScriptedEventPublisher next(Answer... answers) {
    if (answers.length == 0) {
      throw new IllegalArgumentException("give at least one answer, such as Answer.confirmed()");
    }
    script.addAll(List.of(answers));
    return this;
  }

  /** Adds the same answer for this many next events. */
  public synchronized ScriptedEventPublisher next(int events, Answer answer) {
    for (int i = 0; i < events; i++) {
      script.add(answer);
    }
    return this;
  }

  /** Holds the next event until the gate is opened, then confirms it. */
  public Gate blockNext() {
    Gate gate = new Gate();
    next(Answer.blockedBy(gate));
    return gate;
  }

  /** Sets the answer to every event for this queue, regardless of the script. */
  public synchronized ScriptedEventPublisher toQueue(String queue, Answer answer) {
    answersByQueue.put(queue, Objects.requireNonNull(answer, "answer"));
    return this;
  }

  /** Sets the answer to all other events. Defaults to confirming them. */
  public synchronized ScriptedEventPublisher otherwise(Answer answer) {
    otherwise = Objects.requireNonNull(answer, "answer");
    return this;
  }

  /** Forgets all answers: from now on every event is confirmed. */
  public synchronized ScriptedEventPublisher confirmEverything() {
    script.clear();
    answersByQueue.clear();
    otherwise = Answer.confirmed();
    return this;
  }

  /** The events that it got, in order; an event sent twice appears twice. */
  public synchronized List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  /** The events that a broker would have got, in order; repeated when a confirm was lost. */
  public synchronized List<Event> delivered() {
    return List.copyOf(delivered);
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    List<Outcome> outcomes = new ArrayList<>(chunk.size());
    @Nullable Outcome hung = null;
    for (Event event : chunk) {
      int attempt = begin(event);
      Outcome outcome;
      if (hung != null) {
        outcome = hung;
      } else if (isClosed()) {
        outcome = Outcome.notSent("the publisher is closed");
      } else {
        Answer.Step step = answerTo(event).step();
        outcome = carryOut(step, event, deadline);
        hung = step instanceof Answer.Step.Hang ? outcome : null;
      }
      end(attempt, outcome);
      outcomes.add(outcome);
    }
    return outcomes;
  }

  private Outcome carryOut(Answer.Step step, Event event, long deadline) {
    if (step instanceof Answer.Step.Say say) {
      return say(say, event);
    }
    if (step instanceof Answer.Step.Throw thrown) {
      throw thrown.exception();
    }
    if (step instanceof Answer.Step.Block block) {
      block.gate().pass();
      return Thread.currentThread().isInterrupted()
          ? Outcome.unknown("interrupted while it was blocked")
          : say(new Answer.Step.Say(Outcome.confirmed(), true), event);
    }
    return hang(deadline);
  }

  private synchronized Outcome say(Answer.Step.Say say, Event event) {
    if (say.delivered()) {
      delivered.add(event);
    }
    return say.outcome();
  }

  private Outcome hang(long deadline) {
    try {
      boolean wasClosed = closed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      return Outcome.unknown(wasClosed ? "the publisher was closed" : "no answer came in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.unknown("interrupted while it hung");
    }
  }

  private synchronized Answer answerTo(Event event) {
    Answer forQueue = answersByQueue.get(event.queue());
    if (forQueue != null) {
      return forQueue;
    }
    Answer next = script.poll();
    return next == null ? otherwise : next;
  }

  private synchronized int begin(Event event) {
    attempts.add(new Attempt(event, null, Thread.currentThread().getName()));
    return attempts.size() - 1;
  }

  private synchronized void end(int attempt, Outcome outcome) {
    Attempt begun = attempts.get(attempt);
    attempts.set(attempt, new Attempt(begun.event(), outcome, begun.thread()));
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** From now on nothing is sent; an event that hangs is given up. Closing again does nothing. */
  @Override
  public void close() {
    closed.countDown();
  }

  /** The next answers. */
  @Override
  public synchronized String toString() {
    return String.format(
        Locale.ROOT,
        "ScriptedEventPublisher[next %s, by queue %s, otherwise %s]",
        script,
        answersByQueue,
        otherwise);
  }
}
