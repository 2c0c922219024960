package dev.eventcollector;

import org.jspecify.annotations.Nullable;

/**
 * Where a nested unit of work began. What is collected under it can be rolled back by itself; once
 * it is released, that belongs to what is around it.
 *
 * <p>Changed only under the lock of its buffer; may be asked at any time.
 */
final class Savepoint {

  /** Of what is collected outside of nested units. */
  static final Savepoint NONE = new Savepoint();

  private enum State {
    OPEN,
    RELEASED,
    ROLLED_BACK
  }

  private final @Nullable Savepoint outer; // only NONE has none
  private volatile State state = State.OPEN;
  private int collected;

  private Savepoint() {
    this.outer = null;
  }

  Savepoint(Savepoint outer) {
    this.outer = outer;
  }

  void release() {
    state = State.RELEASED;
  }

  void rollBack() {
    state = State.ROLLED_BACK;
  }

  /** Whether the nested unit has ended. */
  boolean isOver() {
    return state != State.OPEN;
  }

  /** Whether this, or one around it, was rolled back. */
  boolean isRolledBack() {
    @Nullable Savepoint savepoint = this;
    while (savepoint != null && savepoint.state != State.ROLLED_BACK) {
      savepoint = savepoint.outer;
    }
    return savepoint != null;
  }

  /** Whether what was collected under this goes when the other is rolled back. */
  boolean isWithin(Savepoint other) {
    @Nullable Savepoint savepoint = this;
    while (savepoint != null && savepoint != other) {
      savepoint = savepoint.outer;
    }
    return savepoint != null;
  }

  /** Counts an event for this and those around it. */
  void countCollected() {
    Savepoint savepoint = this;
    while (savepoint.outer != null) {
      savepoint.collected++;
      savepoint = savepoint.outer;
    }
  }

  /** How many events the buffer has of it; less when some were published meanwhile. */
  int collected() {
    return collected;
  }

  void noneCollected() {
    collected = 0;
  }
}
