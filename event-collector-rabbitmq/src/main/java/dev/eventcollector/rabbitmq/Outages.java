package dev.eventcollector.rabbitmq;

import dev.eventcollector.internal.SafeLog;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import dev.eventcollector.rabbitmq.Obstacle.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * External failures, by kind. Each is retried after growing pauses, with one delivery as a probe.
 * If a delivery fails repeatedly while others succeed, the delivery is at fault.
 *
 * <p>Guarded by the lock of {@link HeldDeliveries}.
 */
final class Outages {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MAX_RELAPSES = 3;

  /** This many successes of others are conclusive, even if several deliveries fail in turn. */
  private static final int MANY_PASSES = 10;

  private static final int MANY_TRIES = 8;

  private final String queue;
  private final Map<Kind, Outage> open = new EnumMap<>(Kind.class);
  private final long[] passes = new long[Kind.values().length];
  private final long[] failures = new long[Kind.values().length];

  Outages(String queue) {
    this.queue = queue;
  }

  private static final class Outage {
    private final long since;
    private String reason;
    private @Nullable DeliveryInHand probe;
    private int tries;
    private long pause = FIRST_PAUSE_NANOS;
    private long nextTry;

    Outage(String reason, long now) {
      this.reason = reason;
      since = now;
      nextTry = now + pause;
    }
  }

  /**
   * An outage that is due for a probe.
   *
   * @param held the first delivery that is held for it; null when there is none
   * @param fresh whether to prefer a delivery that was not handled yet
   * @param again whether the held delivery was a probe before
   */
  record Due(Kind kind, @Nullable DeliveryInHand held, boolean fresh, boolean again) {}

  /**
   * A delivery is held: this begins or continues an outage.
   *
   * @return whether the delivery itself is to blame, since others succeed
   */
  boolean begunBy(DeliveryInHand one, Step step, long now) {
    Obstacle obstacle = one.obstacle;
    learnedNothingFrom(one, now);
    if (obstacle == null || !obstacle.kind().pauses()) {
      return false;
    }
    Kind kind = obstacle.kind();
    int index = kind.ordinal();
    long passed = one.passesSeen < 0 ? 0 : passes[index] - one.passesSeen;
    boolean alone = failures[index] == one.failuresSeen;
    if (passed >= MANY_PASSES || passed > 0 && alone) {
      one.relapses++;
    }
    one.passesSeen = passes[index];
    one.failuresSeen = ++failures[index];
    if (one.relapses >= MAX_RELAPSES && step != Step.PUBLISH) {
      return true;
    }
    Outage outage = open.get(kind);
    if (outage == null) {
      open.put(kind, new Outage(obstacle.reason(), now));
      SafeLog.withoutThrowable(
          () ->
              LOGGER.warn(
                  "Consuming {} is paused: {}. Deliveries are kept unacknowledged; next attempt in"
                      + " 100 ms",
                  queue,
                  obstacle.reason()));
    } else {
      outage.reason = obstacle.reason();
      if (outage.tries > 0) {
        outage.pause = Math.min(LONGEST_PAUSE_NANOS, 2 * outage.pause);
      }
      outage.nextTry = now + outage.pause;
    }
    return false;
  }

  /** The probe is over; if the outage has not ended, another one is needed. */
  void learnedNothingFrom(DeliveryInHand one, long now) {
    for (Outage outage : open.values()) {
      if (outage.probe == one) {
        outage.probe = null;
        outage.nextTry = now + outage.pause;
      }
    }
  }

  /** This kind works. Returns whether it failed before. */
  boolean over(Kind kind) {
    passes[kind.ordinal()]++;
    Outage outage = open.remove(kind);
    if (outage == null) {
      return false;
    }
    if (open.isEmpty()) {
      String lasted = Timeouts.text(Duration.ofNanos(System.nanoTime() - outage.since));
      SafeLog.withoutThrowable(
          () -> LOGGER.info("Consuming {} goes on; the trouble lasted {}", queue, lasted));
    }
    return true;
  }

  /**
   * The due outages, each with the first delivery held for it. Another delivery is tried only if no
   * held one awaits its handler; otherwise their order would change.
   */
  List<Due> due(List<DeliveryInHand> held, long now) {
    boolean inOrder = held.stream().noneMatch(DeliveryInHand::isToBeHandled);
    List<Due> due = new ArrayList<>();
    open.forEach(
        (kind, outage) -> {
          if (kind != Kind.TRANSPORT && outage.probe == null && outage.nextTry - now <= 0) {
            int tries = ++outage.tries;
            DeliveryInHand first = first(held, kind);
            boolean fresh = inOrder && (first == null || tries % 2 == 0);
            if (kind == Kind.UNFORESEEN) { // nothing else shows whether others fail as well
              fresh = fresh || tries > MANY_TRIES && tries % 2 == 0;
            }
            due.add(new Due(kind, first, fresh, tries > 1));
          }
        });
    return due;
  }

  private static @Nullable DeliveryInHand first(List<DeliveryInHand> held, Kind kind) {
    DeliveryInHand first = null;
    for (DeliveryInHand one : held) {
      if (one.isHeldFor(kind) && (first == null || one.receivedNanos - first.receivedNanos < 0)) {
        first = one;
      }
    }
    return first;
  }

  /** It works, but not for the delivery that is held for it. */
  void worksForOthers(Kind kind) {
    passes[kind.ordinal()]++;
  }

  /** Without a probe the next try comes after a pause. */
  void probesWith(Kind kind, @Nullable DeliveryInHand probe, long now) {
    Outage outage = open.get(kind);
    if (outage != null) {
      outage.probe = probe;
      outage.nextTry = now + outage.pause;
    }
  }

  /** Whether the outage decides when the delivery is retried. */
  boolean isOpenFor(DeliveryInHand one) {
    return one.obstacle != null
        && one.result instanceof AttemptResult.EnvironmentFailed failed
        && failed.step() != Step.PUBLISH
        && open.containsKey(failed.obstacle().kind());
  }

  /** Nanoseconds until the next try. */
  long nextTry(long now) {
    long next = Long.MAX_VALUE;
    for (Map.Entry<Kind, Outage> one : open.entrySet()) {
      if (one.getKey() != Kind.TRANSPORT && one.getValue().probe == null) {
        next = Math.min(next, one.getValue().nextTry - now);
      }
    }
    return next;
  }

  boolean pause() {
    return !open.isEmpty();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  void clear() {
    open.clear();
  }

  /** The reason of the first outage; null if there is none. */
  @Nullable String reason() {
    for (Outage outage : open.values()) {
      return outage.reason;
    }
    return null;
  }
}
