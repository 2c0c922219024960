package dev.eventcollector.servlet;

import org.jspecify.annotations.Nullable;

/**
 * The progress of a request.
 *
 * <p>A pass is one way through the filter; an asynchronous request may have several, one after the
 * other, and none in between.
 */
abstract class RequestProgress {

  private volatile @Nullable Thread passing; // written under the lock, as the next
  private volatile boolean asyncStarted;
  private boolean asyncDispatched;
  private boolean asyncCompleted;
  private volatile boolean upgraded;

  synchronized void beginPass(boolean asyncDispatch) {
    passing = Thread.currentThread();
    if (asyncDispatch) {
      asyncStarted = false;
      asyncDispatched = false;
    }
  }

  /** Ends a pass. True when the request ends with it. */
  synchronized boolean endPass() {
    passing = null;
    return !asyncStarted || asyncCompleted;
  }

  /** Whether the calling thread is inside a pass: in a forward, an include, a second filter. */
  final boolean isPassing() {
    return passing == Thread.currentThread();
  }

  final synchronized void startAsync() {
    asyncStarted = true;
    asyncDispatched = false;
  }

  final boolean isAsyncStarted() {
    return asyncStarted;
  }

  /** Sets whether {@code dispatch()} was called in this cycle; returns the previous value. */
  final synchronized boolean setDispatched(boolean value) {
    boolean before = asyncDispatched;
    asyncDispatched = value;
    return before;
  }

  /**
   * Call it before {@code complete()} does its work.
   *
   * @return whether the request ends at once
   */
  final synchronized boolean completeAsync() {
    if (asyncDispatched) {
      return false; // the container is going to refuse
    }
    asyncCompleted = true;
    // It takes no effect before the pass is over (AsyncContext, its Javadoc).
    return passing == null;
  }

  /** The connection goes on with another protocol, and without the unit. */
  final void upgrade() {
    upgraded = true;
  }

  final boolean isUpgraded() {
    return upgraded;
  }
}
