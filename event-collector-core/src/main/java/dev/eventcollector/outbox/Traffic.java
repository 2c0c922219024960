package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventStore;
import dev.eventcollector.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The events that are committed and not confirmed yet. They wait in a lane with their bodies, or
 * are spilled, which keeps their numbers alone. A thread's units always go to the same lane. As
 * soon as anything is spilled, new units are spilled behind it, and the {@link Replayer} publishes
 * from the table, once the lanes are empty: so the order of each thread holds. Owns the lock of all
 * that; nothing outside is called under it.
 */
final class Traffic {

  private static final int LARGEST_CHUNK = 1000;
  private static final long LARGEST_CHUNK_BYTES = 8 * 1024 * 1024L;
  private static final int KINDS_OF_REPLAY = 3;

  private final EventStore.Host host;
  private final int maxInMemory;
  private final long maxBytesInMemory;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<ArrayDeque<OutboxUnit>> lanes = new ArrayList<>();
  private final List<List<OutboxUnit>> underWay = new ArrayList<>(); // taken from each lane
  private final Map<Long, ArrayDeque<OutboxUnit>> heldByThread = new HashMap<>();
  private final RangeSet spilled = new RangeSet();
  private final Asides asides;
  private final Outage outage;
  private int inLanes; // events, including those being published at the moment
  private long bytesInLanes;
  private boolean replaying;
  private int turn;
  private boolean stopped;
  private boolean draining;

  Traffic(EventStore.Host host, int lanes, int maxInMemory, long maxBytesInMemory) {
    this.host = host;
    this.maxInMemory = maxInMemory;
    this.maxBytesInMemory = maxBytesInMemory;
    this.asides = new Asides(host);
    this.outage = new Outage(host);
    for (int i = 0; i < lanes; i++) {
      this.lanes.add(new ArrayDeque<>());
      underWay.add(List.of());
    }
  }

  /** A task of the replayer. */
  sealed interface Replay {
    /** Publish the first rows of what is spilled. */
    record Spilled(Range range) implements Replay {}

    /** Try these again that were refused. */
    record Refused(List<Asides.Aside> due) implements Replay {}

    /** Look after what was taken over. */
    record Others() implements Replay {}
  }

  /**
   * A unit whose transaction was committed, or, if that was done by hand, may have been.
   *
   * @return whether the unit's rows are to be looked for; until {@link #found} its thread's next
   *     units wait
   */
  boolean committed(OutboxUnit unit) {
    lock.lock();
    try {
      ArrayDeque<OutboxUnit> held = heldByThread.get(unit.thread);
      if (held != null) {
        held.addLast(unit);
        return false;
      }
      if (unit.kind == OutboxUnit.Kind.BY_HAND) {
        heldByThread.put(unit.thread, new ArrayDeque<>());
        return true;
      }
      queue(unit);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** A unit that was in doubt, and has lost its place in the order by that. */
  void committedLate(OutboxUnit unit) {
    lock.lock();
    try {
      queue(unit);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Called when the fate of a unit in doubt is known: the thread's next units go on.
   *
   * @return the next one of them whose rows are to be looked for; null when there is none
   */
  @Nullable OutboxUnit found(OutboxUnit unit, boolean committed) {
    lock.lock();
    try {
      if (committed) {
        queue(unit);
      }
      ArrayDeque<OutboxUnit> held = heldByThread.get(unit.thread);
      while (held != null && !held.isEmpty()) {
        OutboxUnit next = held.removeFirst();
        if (next.kind == OutboxUnit.Kind.BY_HAND) {
          return next;
        }
        queue(next);
      }
      heldByThread.remove(unit.thread);
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void queue(OutboxUnit unit) {
    boolean full =
        inLanes > 0
            && (inLanes + unit.events.size() > maxInMemory
                || bytesInLanes + unit.bytes() > maxBytesInMemory);
    if (!spilled.isEmpty() || full || stopped) {
      spilled.add(unit.range());
      unit.settled(false);
    } else {
      lanes.get(laneOf(unit)).addLast(unit);
      inLanes += unit.events.size();
      bytesInLanes += unit.bytes();
    }
    changed.signalAll();
  }

  private int laneOf(OutboxUnit unit) {
    return (int) Math.floorMod(unit.thread, (long) lanes.size());
  }

  /** Spills what else waits in a lane of which something is spilled, since it is behind that. */
  private void spillLane(ArrayDeque<OutboxUnit> queue) {
    while (!queue.isEmpty()) {
      OutboxUnit unit = queue.removeFirst();
      leave(unit);
      spilled.add(unit.range());
      unit.settled(false);
    }
  }

  private void leave(OutboxUnit unit) {
    inLanes -= unit.events.size();
    bytesInLanes -= unit.bytes();
  }

  /** Rows that are committed, and to be published like those that are spilled. */
  void spill(List<Range> ranges) {
    lock.lock();
    try {
      ranges.forEach(spilled::add);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next units of a lane, to be published as one chunk; null when it is to stop. */
  @Nullable List<OutboxUnit> take(int lane) throws InterruptedException {
    ArrayDeque<OutboxUnit> queue = lanes.get(lane);
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !stopped) {
        changed.await();
      }
      if (stopped) {
        return null;
      }
      List<OutboxUnit> units = new ArrayList<>();
      int events = 0;
      long bytes = 0;
      while (!queue.isEmpty()) {
        OutboxUnit next = queue.getFirst();
        events += next.events.size();
        bytes += next.bytes();
        if (!units.isEmpty() && (events > LARGEST_CHUNK || bytes > LARGEST_CHUNK_BYTES)) {
          break;
        }
        units.add(queue.removeFirst());
      }
      underWay.set(lane, units);
      return units;
    } finally {
      lock.unlock();
    }
  }

  /** To be asked before an attempt. */
  int incident() {
    lock.lock();
    try {
      return outage.incident();
    } finally {
      lock.unlock();
    }
  }

  /** Settles a chunk of a lane; the ranges that are confirmed. */
  List<Range> settle(int lane, List<OutboxUnit> units, List<Outcome> outcomes, int incident) {
    Settling settling = new Settling();
    lock.lock();
    try {
      int index = 0;
      for (OutboxUnit unit : units) {
        boolean allConfirmed = true;
        for (int i = 0; i < unit.events.size(); i++) {
          Outcome outcome = outcomes.get(index++);
          allConfirmed &= outcome.isConfirmed();
          Event event = unit.events.get(i);
          if (settling.note(unit.owner, unit.first + i, outcome)) {
            spilled.add(new Range(unit.owner, unit.first + i, unit.first + i));
          } else if (!outcome.isConfirmed()) {
            asides.refused(unit.owner, unit.first + i, 0, event, outcome);
          }
        }
        leave(unit);
        settling.settled(unit, allConfirmed);
      }
      underWay.set(lane, List.of());
      if (settling.trouble != null) {
        spillLane(lanes.get(lane));
      }
      settled(settling, incident);
    } finally {
      lock.unlock();
    }
    tell(settling);
    return settling.confirmed;
  }

  /** Settles rows that were read from the table; the ranges that are confirmed. */
  List<Range> settleRows(List<Row> rows, List<Outcome> outcomes, int incident) {
    Settling settling = new Settling();
    lock.lock();
    try {
      for (int i = 0; i < rows.size(); i++) {
        Row row = rows.get(i);
        Outcome outcome = outcomes.get(i);
        if (settling.note(row.owner(), row.n(), outcome)) {
          asides.tryLater(row.owner(), row.n());
        } else {
          spilled.remove(row.owner(), row.n());
          if (outcome.isConfirmed()) {
            asides.remove(row.owner(), row.n());
          } else {
            asides.refused(row.owner(), row.n(), row.storedAt(), row.event(), outcome);
          }
        }
      }
      settled(settling, incident);
    } finally {
      lock.unlock();
    }
    tell(settling);
    return settling.confirmed;
  }

  private void settled(Settling settling, int incident) {
    settling.change = outage.learn(settling.trouble, incident, draining);
    settling.newlyRefused = asides.takeNewlyRefused();
    changed.signalAll();
  }

  private void tell(Settling settling) {
    host.confirmed(settling.confirmedEvents());
    settling.release(); // whoever waits for a unit finds it in the books
    settling.change.run();
    settling.newlyRefused.run();
  }

  /** Rows are gone, though nobody here has confirmed them: another process has. */
  void gone(Range range) {
    long removed;
    lock.lock();
    try {
      removed = spilled.removeAll(range);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    host.confirmed((int) removed);
  }

  /** Another process has dealt with a refused row, or it was parked. */
  void goneAside(long owner, long n) {
    lock.lock();
    try {
      asides.remove(owner, n);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Parking has failed; it is tried again later. */
  void keepAside(long owner, long n) {
    lock.lock();
    try {
      asides.tryLater(owner, n);
    } finally {
      lock.unlock();
    }
  }

  boolean isAside(long owner, long n) {
    lock.lock();
    try {
      return asides.contains(owner, n);
    } finally {
      lock.unlock();
    }
  }

  boolean hasAside(long owner) {
    lock.lock();
    try {
      return asides.hasAnyOf(owner);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the replayer's next task; null when it is to stop.
   *
   * @param othersDue when to look after what was taken over, as a System.nanoTime(); 0 for never.
   *     Asked again after each {@link #signal}
   */
  @Nullable Replay awaitReplay(LongSupplier othersDue) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      replaying = false;
      changed.signalAll();
      while (!stopped) {
        long othersDueAt = othersDue.getAsLong();
        long now = System.nanoTime();
        long wait = outage.waitNanos(now);
        if (wait <= 0) {
          Replay next = next(now, othersDueAt);
          if (next != null) {
            replaying = true;
            return next;
          }
          wait = draining ? Long.MAX_VALUE : nanosUntilDue(now, othersDueAt);
        }
        changed.awaitNanos(Math.max(wait, 1));
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private long nanosUntilDue(long now, long othersDueAt) {
    long wait = asides.nanosUntilDue(now);
    return othersDueAt == 0 ? wait : Math.min(wait, othersDueAt - now);
  }

  /** Each kind of task in turn, so that none holds up the others, however much there is of it. */
  private @Nullable Replay next(long now, long othersDueAt) {
    for (int i = 0; i < KINDS_OF_REPLAY; i++) {
      turn = (turn + 1) % KINDS_OF_REPLAY;
      Replay next =
          switch (turn) {
            case 0 -> refused(now);
            case 1 -> firstSpilled();
            default -> others(now, othersDueAt);
          };
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  private @Nullable Replay refused(long now) {
    List<Asides.Aside> due = draining ? List.of() : asides.takeDue(now);
    return due.isEmpty() ? null : new Replay.Refused(due);
  }

  private @Nullable Replay firstSpilled() {
    Range first = inLanes == 0 ? spilled.first() : null;
    return first == null ? null : new Replay.Spilled(first);
  }

  private @Nullable Replay others(long now, long othersDueAt) {
    boolean due = !draining && othersDueAt != 0 && othersDueAt - now <= 0;
    return due ? new Replay.Others() : null;
  }

  /** Waits for a while, unless it is stopped. */
  void pause(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (left > 0 && !stopped) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Removes the numbers of rows that wait here, or are being published. */
  void removeFrom(long owner, Set<Long> numbers) {
    lock.lock();
    try {
      heldByThread
          .values()
          .forEach(units -> units.forEach(unit -> unit.removeFrom(owner, numbers)));
      lanes.forEach(units -> units.forEach(unit -> unit.removeFrom(owner, numbers)));
      underWay.forEach(units -> units.forEach(unit -> unit.removeFrom(owner, numbers)));
      numbers.removeIf(n -> spilled.contains(owner, n) || asides.contains(owner, n));
    } finally {
      lock.unlock();
    }
  }

  /** Has the replayer look again. */
  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is left that could be published now, or the time is over. */
  void drain(long deadline) {
    lock.lock();
    try {
      draining = true;
      outage.hurry();
      changed.signalAll();
      long left = deadline - System.nanoTime();
      while (left > 0 && (inLanes > 0 || !spilled.isEmpty() || replaying)) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped = true;
      changed.signalAll();
      lock.unlock();
    }
  }

  /** As {@link OutboxState} has it. */
  record Load(long inMemory, long spilled, long refused, @Nullable String trouble) {}

  /** A snapshot for people. */
  Load load() {
    lock.lock();
    try {
      return new Load(inLanes, spilled.size(), asides.size(), outage.reason());
    } finally {
      lock.unlock();
    }
  }
}
