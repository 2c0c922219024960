package dev.eventcollector;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The unit of work that each thread collects into. A block only marks that its unit has begun; the
 * first event makes it, since many blocks enqueue nothing.
 *
 * <p>An empty array stays behind on a pooled thread, which keeps no class loader alive. Removing it
 * after every unit would cost a new entry in the thread's map for the next (decision 9).
 */
final class CurrentUnit {

  private static final Object BEGUN = new Object();
  private static final int BOUND = 0;
  private static final int MADE_BY_BLOCK = 1;

  private final ThreadLocal<@Nullable Object[]> ofThread =
      ThreadLocal.withInitial(() -> new Object[2]);

  /** Whether the thread collects into a unit, made or not. */
  boolean isBound() {
    return ofThread.get()[BOUND] != null;
  }

  /** The unit, unless there is none or it has only begun, so that it has no events. */
  @Nullable CollectedUnit ifMade() {
    return made(ofThread.get()[BOUND]);
  }

  /** The unit, made now if it has only begun; null when there is none. */
  @Nullable CollectedUnit get(Supplier<CollectedUnit> maker) {
    @Nullable Object[] slots = ofThread.get();
    if (slots[BOUND] == BEGUN) {
      CollectedUnit unit = maker.get();
      slots[BOUND] = unit;
      slots[MADE_BY_BLOCK] = unit;
    }
    return made(slots[BOUND]);
  }

  void set(@Nullable CollectedUnit unit) {
    ofThread.get()[BOUND] = unit;
  }

  /** Binds what was bound before, unless that has ended or something else was bound meanwhile. */
  void restore(CollectedUnit bound, @Nullable CollectedUnit before) {
    @Nullable Object[] slots = ofThread.get();
    if (slots[BOUND] == bound) {
      @Nullable CollectedUnit inForce = before == null ? null : before.inForce();
      slots[BOUND] = inForce == null || inForce.hasEnded() ? null : inForce;
    }
  }

  /** Ends a nested unit, unless something else was bound meanwhile. */
  void leave(CollectedUnit nested, CollectedUnit outer) {
    @Nullable Object[] slots = ofThread.get();
    if (slots[BOUND] == nested) {
      slots[BOUND] = outer;
    }
  }

  /** Begins the unit of a block. */
  void begin() {
    ofThread.get()[BOUND] = BEGUN;
  }

  /** The unit of the block, if an event has made it. */
  @Nullable CollectedUnit ofBlock() {
    return made(ofThread.get()[MADE_BY_BLOCK]);
  }

  /** Ends the unit of the block; its unit, if an event has made it. */
  @Nullable CollectedUnit end(@Nullable CollectedUnit before) {
    @Nullable Object[] slots = ofThread.get();
    @Nullable Object unit = slots[MADE_BY_BLOCK];
    slots[MADE_BY_BLOCK] = null;
    if (slots[BOUND] == BEGUN || slots[BOUND] == unit) {
      slots[BOUND] = before;
    }
    return made(unit);
  }

  private static @Nullable CollectedUnit made(@Nullable Object slot) {
    return slot instanceof CollectedUnit unit ? unit : null;
  }
}
