package dev.eventcollector.testkit;

import dev.eventcollector.Outcome;
import java.util.Objects;

/**
 * What a {@link ScriptedEventPublisher} does with an event.
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

  /** The event is delivered, and confirmed. */
  public static Answer confirmed() {
    return CONFIRMED;
  }

  /** The event is acknowledged, and no queue takes it, which counts as confirmed. */
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

  /** This event is refused; too large, say. */
  public static Answer refused(String reason) {
    return new Answer(new Step.Say(Outcome.refused(reason), false));
  }

  /**
   * The event is delivered, but the answer is lost on its way: the outcome is unknown. The event
   * will be sent again.
   */
  public static Answer confirmLost() {
    return CONFIRM_LOST;
  }

  /** The event is not sent; there is no connection, say. */
  public static Answer notSent(String reason) {
    return new Answer(new Step.Say(Outcome.notSent(reason), false));
  }

  /**
   * Nothing happens until the publish timeout is over; the outcomes of this event and of those
   * behind it are unknown, and none of them is delivered.
   */
  public static Answer hang() {
    return HANG;
  }

  /** The publisher throws, which it should never do. What came before in the chunk is delivered. */
  public static Answer thrown(RuntimeException exception) {
    return new Answer(new Step.Throw(Objects.requireNonNull(exception, "exception")));
  }

  /**
   * The event is held up at the gate, however long the publish timeout is, and then confirmed.
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

  /** What there is to do. */
  sealed interface Step {
    /** Answers at once. */
    record Say(Outcome outcome, boolean delivered) implements Step {}

    /** Answers when the time is over. */
    record Hang() implements Step {}

    /** Does not answer. */
    record Throw(RuntimeException exception) implements Step {}

    /** Answers when the gate is open. */
    record Block(Gate gate) implements Step {}
  }
}
