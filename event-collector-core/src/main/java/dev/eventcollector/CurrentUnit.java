package dev.eventcollector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The unit of work of each thread: that of its top frame. A block only marks that its unit has
 * begun; the first event creates it, since many blocks enqueue nothing.
 *
 * <p>An empty array stays on a pooled thread; it keeps no class loader alive. Removing it after
 * every unit would cost a new entry in the thread's map for the next (decision 9).
 */
final class CurrentUnit {

  private static final Object BEGUN = new Object(); // stands for the frame of a block without unit
  private static final Object NOTHING = new Object(); // stands for no replaced collector
  private static final int TOP = 0;
  private static final int OWN = 1; // the thread's own unit, used when none is bound

  private final ThreadLocal<@Nullable Object[]> ofThread =
      ThreadLocal.withInitial(() -> new Object[2]);
  private final Supplier<CollectedUnit> maker;

  /** With the factory for units of blocks. */
  CurrentUnit(Supplier<CollectedUnit> maker) {
    this.maker = maker;
  }

  /**
   * A unit that a thread collects into while this frame is on top; without a unit, the thread is
   * suspended. The frames below stay, even if their units have ended, so that late events are
   * refused.
   */
  static class Frame {
    private final @Nullable CollectedUnit unit;
    private @Nullable Frame below;
    private @Nullable Object replaced = NOTHING; // the thread's collector, while the frame exists

    private Frame(@Nullable CollectedUnit unit, @Nullable Frame below) {
      this.unit = unit;
      this.below = below;
    }

    @Nullable CollectedUnit unit() {
      return unit;
    }

    private void begin() {
      EventCollector replacement = unit == null ? null : unit.replacement();
      if (replacement != null && replacement != EventCollectors.replacementOfThisThread()) {
        replaced = EventCollectors.swapOnThisThread(replacement);
      }
    }

    private void end() {
      if (replaced != NOTHING) {
        EventCollector before = (EventCollector) replaced;
        replaced = NOTHING;
        EventCollectors.swapOnThisThread(before);
      }
    }
  }

  /** That of a block on a thread that was free. */
  private static final class OutermostBlock extends Frame {
    private OutermostBlock(CollectedUnit unit) {
      super(unit, null);
    }
  }

  /** Whether the thread collects into a unit, made or not. */
  boolean isBound() {
    @Nullable Object[] slots = ofThread.get();
    return slots[TOP] != null || slots[OWN] != null;
  }

  /** Whether no block and no binding is open on the thread. */
  boolean isFree() {
    return ofThread.get()[TOP] == null;
  }

  /** The unit; null if there is none, or if it has only begun and so has no events. */
  @Nullable CollectedUnit ifMade() {
    return made(ofThread.get());
  }

  /** The unit, made now if it has only begun; null when there is none. */
  @Nullable CollectedUnit get() {
    @Nullable Object[] slots = ofThread.get();
    makeUnit(slots);
    return made(slots);
  }

  private void makeUnit(@Nullable Object[] slots) {
    if (slots[TOP] == BEGUN) {
      slots[TOP] = new OutermostBlock(maker.get());
    }
  }

  private static @Nullable CollectedUnit made(@Nullable Object[] slots) {
    if (slots[TOP] instanceof Frame top && top.unit != null) {
      return top.unit;
    }
    return slots[TOP] == BEGUN ? null : (CollectedUnit) slots[OWN];
  }

  /** Sets the unit to collect into when none is bound. */
  void setOwn(@Nullable CollectedUnit unit) {
    ofThread.get()[OWN] = unit;
  }

  /** Begins the block of a thread that is free. */
  void begin() {
    ofThread.get()[TOP] = BEGUN;
  }

  /** The unit of that block, if an event has made it. */
  @Nullable CollectedUnit ofBlock() {
    Frame frame = ofThread.get()[TOP] instanceof Frame top ? top : null;
    while (frame != null && !(frame instanceof OutermostBlock)) {
      frame = frame.below;
    }
    return frame == null ? null : frame.unit;
  }

  /** Ends that block, and ends and returns the frames left behind on top of it. */
  List<Frame> end() {
    @Nullable Object[] slots = ofThread.get();
    List<Frame> leftBehind = List.of();
    if (slots[TOP] instanceof Frame top) {
      Frame block = top;
      while (block.below != null) {
        block = block.below;
      }
      leftBehind = endAllAbove(block, slots);
    }
    slots[TOP] = null;
    return leftBehind;
  }

  private static List<Frame> endAllAbove(Frame frame, @Nullable Object[] slots) {
    if (slots[TOP] == frame) {
      return List.of();
    }
    List<Frame> ended = new ArrayList<>();
    while (slots[TOP] instanceof Frame top && top != frame) {
      top.end();
      ended.add(top);
      slots[TOP] = top.below;
    }
    return ended;
  }

  /** Has the thread collect into another unit, or outside of units, until the frame ends. */
  Frame push(@Nullable CollectedUnit unit) {
    @Nullable Object[] slots = ofThread.get();
    makeUnit(slots);
    Frame frame = new Frame(unit, (Frame) slots[TOP]);
    frame.begin();
    slots[TOP] = frame;
    return frame;
  }

  /** Ends a frame, and ends and returns the frames left behind on top of it. */
  List<Frame> restoreBelow(Frame frame) {
    @Nullable Object[] slots = ofThread.get();
    List<Frame> leftBehind = endAllAbove(frame, slots);
    frame.end();
    slots[TOP] = frame.below;
    return leftBehind;
  }

  /** Ends a frame of the calling thread, on top or not. False when it has ended already. */
  boolean remove(Frame frame) {
    @Nullable Object[] slots = ofThread.get();
    if (slots[TOP] == frame) {
      frame.end();
      slots[TOP] = frame.below;
      return true;
    }
    Frame above = slots[TOP] instanceof Frame top ? top : null;
    while (above != null && above.below != frame) {
      above = above.below;
    }
    if (above == null) {
      return false;
    }
    frame.end();
    above.below = frame.below;
    return true;
  }
}
