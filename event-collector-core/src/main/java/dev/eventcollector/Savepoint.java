package dev.eventcollector;

import org.jspecify.annotations.Nullable;

/**
 * Where a nested unit of work began. What is collected under it can be rolled back by itself; once
 * it is released, that belongs to what is around it.
 *
 * <p>Events are counted under the lock of its buffer; all else may be asked at any time.
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
  private volatile boolean stored;
  private int collected;

  private Savepoint() {
    this.outer = null;
  }

  /** Within another, or within what that now belongs to. */
  Savepoint(Savepoint outer) {
    this.outer = outer.inForce();
  }

  /** False when it has ended before. */
  synchronized boolean release() {
    if (state != State.OPEN) {
      return false;
    }
    state = State.RELEASED;
    return true;
  }

  /** False when it has ended before. */
  synchronized boolean rollBack() {
    if (state != State.OPEN) {
      return false;
    }
    state = State.ROLLED_BACK;
    return true;
  }

  /** This, or what is around it when it is released. */
  Savepoint inForce() {
    Savepoint savepoint = this;
    while (savepoint.outer != null && savepoint.state == State.RELEASED) {
      savepoint = savepoint.outer;
    }
    return savepoint;
  }

  /** Whether this, or one around it, was rolled back. */
  boolean isRolledBack() {
    @Nullable Savepoint savepoint = this;
    while (savepoint != null && savepoint.state != State.ROLLED_BACK) {
      savepoint = savepoint.outer;
    }
    return savepoint != null;
  }

  /** Nothing more may be collected under it, since that is stored; or it may again. */
  void setStored(boolean value) {
    stored = value;
  }

  /** Whether this, or one around it, was stored. */
  boolean isStored() {
    @Nullable Savepoint savepoint = this;
    while (savepoint != null && !savepoint.stored) {
      savepoint = savepoint.outer;
    }
    return savepoint != null;
  }

  /** Whether nothing may be collected under it. */
  boolean isClosed() {
    return isRolledBack() || isStored();
  }

  /** Whether what was collected under this goes when the other is rolled back. */
  boolean isWithin(Savepoint other) {
    @Nullable Savepoint savepoint = this;
    while (savepoint != null && savepoint != other) {
      savepoint = savepoint.outer;
    }
    return savepoint != null;
  }

  /** Counts events, or those that went again, for this and those around it. */
  void count(int events) {
    Savepoint savepoint = this;
    while (savepoint.outer != null) {
      savepoint.collected += events;
      savepoint = savepoint.outer;
    }
  }

  /** The buffer has no events any more, neither of this nor of those around it. */
  void countNone() {
    Savepoint savepoint = this;
    while (savepoint.outer != null) {
      savepoint.collected = 0;
      savepoint = savepoint.outer;
    }
  }

  /** How many events the buffer has of it. */
  int collected() {
    return collected;
  }
}
