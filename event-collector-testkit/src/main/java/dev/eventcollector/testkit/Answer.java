package dev.eventcollector.testkit;

import dev.eventcollector.Outcome;
import java.util.Objects;

/**
 * The answer of a {@link ScriptedEventPublisher} to an event.
 *
 * <p>Immutable.
 */
public final class Answer {

  private static final Answer CONFIRMED = new Answer(new Step.Say(Outcome.confirmed(), true));
  private static final Answer CONFIRM_LOST =
      new Answer(new Step.Say(Outcome.unknown("the confirm was lost"), true));
  private static final Answer HANG = new Answer(new Step.Hang());

  private final Step step;

  private Answer(Step step) {
    this.step = step;
  }

  /** The event is delivered and confirmed. */
  public static Answer confirmed() {
    return CONFIRMED;
  }

  /** The event is acknowledged, but no queue takes it; it counts as confirmed. */
  public static Answer unrouted(String reason) {
    return new Answer(new Step.Say(Outcome.unrouted(reason), false));
  }

  /** The event is returned, because no queue takes it. */
  public static Answer returned(String reason) {
    return new Answer(new Step.Say(Outcome.returned(reason), false));
  }

  /** The broker takes no responsibility for the event. */
  public static Answer nacked(String reason) {
    return new Answer(new Step.Say(Outcome.nacked(reason), false));
  }

  /** This event is refused, for example as too large. */
  public static Answer refused(String reason) {
    return new Answer(new Step.Say(Outcome.refused(reason), false));
  }

  /**
   * The event is delivered, but the answer is lost: the outcome is unknown. The event will be sent
   * again.
   */
  public static Answer confirmLost() {
    return CONFIRM_LOST;
  }

  /** The event is not sent, for example because there is no connection. */
  public static Answer notSent(String reason) {
    return new Answer(new Step.Say(Outcome.notSent(reason), false));
  }

  /**
   * Nothing happens until the publish timeout has passed. The outcomes of this event and of those
   * behind it are unknown, and none of them is delivered.
   */
  public static Answer hang() {
    return HANG;
  }

  /** The publisher throws, which it should never do. Earlier events of the chunk are delivered. */
  public static Answer thrown(RuntimeException exception) {
    return new Answer(new Step.Throw(Objects.requireNonNull(exception, "exception")));
  }

  /**
   * The event waits at the gate, even beyond the publish timeout, and is then confirmed.
   *
   * @param gate closed or open
   */
  public static Answer blockedBy(Gate gate) {
    return new Answer(new Step.Block(Objects.requireNonNull(gate, "gate")));
  }

  Step step() {
    return step;
  }

  /** For example {@code NACKED (queue is full)}. */
  @Override
  public String toString() {
    return step.toString();
  }

  /** The next action. */
  sealed interface Step {
    /** Answers at once. */
    record Say(Outcome outcome, boolean delivered) implements Step {}

    /** Answers when the timeout has passed. */
    record Hang() implements Step {}

    /** Does not answer. */
    record Throw(RuntimeException exception) implements Step {}

    /** Answers when the gate is open. */
    record Block(Gate gate) implements Step {}
  }
}
