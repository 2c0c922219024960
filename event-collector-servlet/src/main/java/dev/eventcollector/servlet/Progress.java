package dev.eventcollector.servlet;

import org.jspecify.annotations.Nullable;

/**
 * How far a request has got.
 *
 * <p>A pass is one way through the filter; an asynchronous request may have several, one after the
 * other, and none in between.
 */
final class Progress {

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
  boolean isPassing() {
    return passing == Thread.currentThread();
  }

  synchronized void startAsync() {
    asyncStarted = true;
    asyncDispatched = false;
  }

  boolean isAsyncStarted() {
    return asyncStarted;
  }

  /** Sets whether {@code dispatch()} was called in this cycle; answers with the value before. */
  synchronized boolean setDispatched(boolean value) {
    boolean before = asyncDispatched;
    asyncDispatched = value;
    return before;
  }

  /**
   * To be called before {@code complete()} does its work.
   *
   * @return whether the request ends at once
   */
  synchronized boolean completeAsync() {
    if (asyncDispatched) {
      return false; // the container is going to refuse
    }
    asyncCompleted = true;
    // It takes no effect before the pass is over (AsyncContext, its Javadoc).
    return passing == null;
  }

  /** The connection goes on with another protocol, and without the unit. */
  void upgrade() {
    upgraded = true;
  }

  boolean isUpgraded() {
    return upgraded;
  }
}
