package dev.eventcollector;

import org.jspecify.annotations.Nullable;

/**
 * The point where a nested unit of work began. Its events can be rolled back on their own; once it
 * is released, they belong to the savepoint around it.
 *
 * <p>Events are counted under the lock of the buffer; all else needs no lock.
 */
final class Savepoint {

  /** For events outside of nested units. */
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

  /** Within another, or within the one in force for that. */
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

  /** This, or the nearest one around it that is not released. */
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

  /** Sets whether its events are stored, so that no more may be collected under it. */
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

  /** Whether a rollback of the other drops the events of this one. */
  boolean isWithin(Savepoint other) {
    @Nullable Savepoint savepoint = this;
    while (savepoint != null && savepoint != other) {
      savepoint = savepoint.outer;
    }
    return savepoint != null;
  }

  /** Counts events added, or removed, for this and those around it. */
  void count(int events) {
    Savepoint savepoint = this;
    while (savepoint.outer != null) {
      savepoint.collected += events;
      savepoint = savepoint.outer;
    }
  }

  /** Resets the counts of this and those around it. */
  void countNone() {
    Savepoint savepoint = this;
    while (savepoint.outer != null) {
      savepoint.collected = 0;
      savepoint = savepoint.outer;
    }
  }

  /** The number of its events in the buffer. */
  int collected() {
    return collected;
  }
}
