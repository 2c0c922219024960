package dev.eventcollector.rabbitmq;

import dev.eventcollector.rabbitmq.AttemptResult.EnvironmentFailed;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import dev.eventcollector.rabbitmq.Obstacle.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that are kept unacknowledged because of an external failure. While others would fail
 * as well, no other delivery is handled. {@link HeldRetries} repeats the failed step.
 *
 * <p>Safe for use by many threads. It calls no outside code under the lock.
 */
final class HeldDeliveries {

  static final String CLOSED = "the worker was closed while it was held";

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ReadyDeliveries ready;
  private final DeliveryNews news;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<DeliveryInHand> held = new ArrayList<>();
  private final Outages outages;

  /** How many the present round of retries has taken; they may be held again. */
  private int taken;

  private boolean retrying;
  private boolean closed;

  /** Whether closing has given a delivery back. */
  private boolean gaveBack;

  /** Whether any delivery is held or retried, so that others need not look. */
  private volatile boolean disturbed;

  private BiConsumer<DeliveryInHand, String> giveBack = (one, reason) -> {};
  private Runnable startRetries = () -> {};

  HeldDeliveries(WorkerSettings settings, ReadyDeliveries ready, DeliveryNews news) {
    this.ready = ready;
    this.news = news;
    this.outages = new Outages(settings.queue());
  }

  /** Sets the callbacks that return and retry deliveries; both need this object first. */
  void connect(BiConsumer<DeliveryInHand, String> givesBack, Runnable startsRetries) {
    giveBack = givesBack;
    startRetries = startsRetries;
  }

  /** Holds a delivery because the environment has failed. */
  void hold(DeliveryInHand one) {
    if (!(one.result instanceof EnvironmentFailed failed)) {
      throw new IllegalStateException("not to be held: " + one);
    }
    Obstacle obstacle = failed.obstacle();
    boolean first = one.obstacle == null || one.obstacle.kind() != obstacle.kind();
    boolean refused;
    lock.lock();
    try {
      refused = obstacle.kind() == Kind.CLOSING || refuses(one);
      if (!refused) {
        add(one, obstacle, failed.step(), first);
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      giveBack.accept(one, refusal(one, obstacle));
    } else if (first && obstacle.kind() != Kind.SAME_ID) {
      news.held(one, obstacle);
    }
  }

  /** Called under the lock. */
  private boolean refuses(DeliveryInHand one) {
    gaveBack |= closed;
    return closed || one.session.isLost();
  }

  private static String refusal(DeliveryInHand one, Obstacle obstacle) {
    return obstacle.kind() == Kind.CLOSING || !one.session.isLost()
        ? obstacle.reason()
        : one.session.endedBecause();
  }

  private void add(DeliveryInHand one, Obstacle obstacle, Step step, boolean first) {
    long now = System.nanoTime();
    if (first) {
      one.heldSinceNanos = now;
      one.tries = 0;
    }
    one.obstacle = obstacle;
    one.nextTryNanos = now + pause(one.tries++);
    disturbed = true;
    held.add(one);
    if (outages.begunBy(one, step, now)) {
      one.result =
          new AttemptResult.DeliveryFailed(
              new Failure("fails where others succeed: " + obstacle.reason(), null));
      one.nextTryNanos = now;
    }
    ready.pause(outages.pause());
    if (!retrying) {
      retrying = true;
      startRetries.run();
    }
    changed.signalAll();
  }

  private static long pause(int tries) {
    return Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(tries, 10));
  }

  /** Puts a delivery back after a look without result; this is no new failure. */
  void putBack(DeliveryInHand one) {
    one.nextTryNanos = System.nanoTime() + pause(one.tries++);
    putBackAsItWas(one);
  }

  /** Whether any delivery is held or retried, so that others need not look. */
  boolean isDisturbed() {
    return disturbed;
  }

  /** Works with the outages under the lock, and wakes all waiting threads. */
  void withOutages(Consumer<Outages> what) {
    lock.lock();
    try {
      what.accept(outages);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** This kind works: retries the deliveries held for it. Called under the lock. */
  void works(Kind kind) {
    if (!outages.over(kind)) {
      return;
    }
    List<DeliveryInHand> again = new ArrayList<>();
    long now = System.nanoTime();
    for (Iterator<DeliveryInHand> all = held.iterator(); all.hasNext(); ) {
      DeliveryInHand one = all.next();
      if (one.obstacle != null && one.obstacle.kind() == kind) {
        one.nextTryNanos = now;
        if (one.isToBeHandled()) {
          all.remove();
          again.add(one);
        }
      }
    }
    again.sort(Comparator.comparingLong(one -> one.receivedNanos));
    if (!ready.addFirst(again)) { // the worker is being closed and returns them
      held.addAll(again);
    }
    ready.pause(outages.pause());
  }

  /** Called under the lock. */
  void forgetOutages() {
    outages.clear();
    ready.pause(false);
  }

  /**
   * Removes and returns matching deliveries, in the order in which they were held. For the retries,
   * which may hold them again until their round ends with {@link #awaitDue}.
   */
  List<DeliveryInHand> take(Predicate<DeliveryInHand> which) {
    lock.lock();
    try {
      List<DeliveryInHand> matching = remove(which);
      taken += matching.size();
      return matching;
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #take}, for one who does not hold them again. */
  List<DeliveryInHand> remove(Predicate<DeliveryInHand> which) {
    lock.lock();
    try {
      List<DeliveryInHand> matching = new ArrayList<>();
      held.removeIf(one -> which.test(one) && matching.add(one));
      return matching;
    } finally {
      lock.unlock();
    }
  }

  /** The outages due for a probe, each with the delivery held longest for it. */
  List<Outages.Due> dueOutages() {
    lock.lock();
    try {
      return outages.due(held, System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the first delivery that waits for a handler handled as the probe of an outage; false if
   * none waits. At once, so that no other is handled before it when the outage ends meanwhile.
   */
  boolean probeWithFirstReady(Kind kind) {
    lock.lock();
    try {
      DeliveryInHand first = ready.probeWithFirst();
      if (first == null) {
        return false;
      }
      outages.probesWith(kind, first, System.nanoTime());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a round of retries, and waits until one is due; false when none is left. */
  boolean awaitDue(long longestNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      taken = 0;
      changed.signalAll();
      if (closed || held.isEmpty() && outages.isEmpty()) {
        retrying = false;
        disturbed = false;
        return false;
      }
      long now = System.nanoTime();
      long next = Math.min(longestNanos, outages.nextTry(now));
      for (DeliveryInHand one : held) {
        if (!outages.isOpenFor(one)) {
          next = Math.min(next, one.nextTryNanos - now);
        }
      }
      if (next > 0) {
        changed.awaitNanos(next);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Like {@link #putBack}, with an unchanged due time. */
  void putBackAsItWas(DeliveryInHand one) {
    boolean refused;
    lock.lock();
    try {
      refused = refuses(one);
      if (!refused) {
        held.add(one);
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      giveBack.accept(one, one.session.isLost() ? one.session.endedBecause() : CLOSED);
    }
  }

  boolean anyMatch(Predicate<DeliveryInHand> which) {
    return !peek(which).isEmpty();
  }

  /** The matching deliveries; they stay. */
  List<DeliveryInHand> peek(Predicate<DeliveryInHand> which) {
    lock.lock();
    try {
      return held.stream().filter(which).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Whether an outage decides when the delivery is retried. */
  boolean isOpenFor(DeliveryInHand one) {
    lock.lock();
    try {
      return outages.isOpenFor(one);
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  /** The reason why deliveries are not handled or settled; null if there is none. */
  @Nullable String trouble() {
    lock.lock();
    try {
      String paused = outages.reason();
      if (paused != null) {
        return String.format(
            Locale.ROOT, "consuming is paused, %d deliveries are held: %s", held.size(), paused);
      }
      for (DeliveryInHand one : held) {
        if (one.obstacle != null && one.obstacle.kind() != Kind.SAME_ID) {
          return String.format(
              Locale.ROOT, "%d deliveries are held: %s", held.size(), one.obstacle.reason());
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  boolean isPaused() {
    lock.lock();
    try {
      return outages.pause();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops holding: returns all held deliveries, and from now on each new one. No outage ends from
   * now on, since nothing goes on.
   */
  void close() {
    List<DeliveryInHand> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(held);
      held.clear();
      outages.clear();
      gaveBack |= !left.isEmpty();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(one -> giveBack.accept(one, CLOSED));
  }

  /**
   * Whether closing has given back a delivery, so that not everything was finished. Waits for those
   * that are being retried, which may be given back as well, until the deadline.
   */
  boolean hasGivenBack(long deadline) {
    lock.lock();
    try {
      long remaining = deadline - System.nanoTime();
      while (taken > 0 && !gaveBack && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      return gaveBack || taken > 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
