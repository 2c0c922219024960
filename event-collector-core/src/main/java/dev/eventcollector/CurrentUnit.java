package dev.eventcollector;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The unit of work that each thread collects into: that of the frame on top. A block only marks
 * that its unit has begun; the first event makes it, since many blocks enqueue nothing.
 *
 * <p>An empty array stays behind on a pooled thread, which keeps no class loader alive. Removing it
 * after every unit would cost a new entry in the thread's map for the next (decision 9).
 */
final class CurrentUnit {

  private static final Object BEGUN = new Object(); // stands for the frame of a block without unit
  private static final int TOP = 0;
  private static final int IMPLICIT = 1; // what the thread collects into where there is no frame

  private final ThreadLocal<@Nullable Object[]> ofThread =
      ThreadLocal.withInitial(() -> new Object[2]);

  /**
   * A unit that a thread collects into as long as this is on top of others. What is below is left
   * as it is, be its unit over or not, so that what comes too late is refused there, too.
   */
  static final class Frame {
    private final CollectedUnit unit;
    private final boolean outermostBlock;
    private @Nullable Frame below;

    private Frame(CollectedUnit unit, boolean outermostBlock, @Nullable Frame below) {
      this.unit = unit;
      this.outermostBlock = outermostBlock;
      this.below = below;
    }
  }

  /** Whether the thread collects into a unit, made or not. */
  boolean isBound() {
    @Nullable Object[] slots = ofThread.get();
    return slots[TOP] != null || slots[IMPLICIT] != null;
  }

  /** The unit, unless there is none or it has only begun, so that it has no events. */
  @Nullable CollectedUnit ifMade() {
    return made(ofThread.get());
  }

  /** The unit, made now if it has only begun; null when there is none. */
  @Nullable CollectedUnit get(Supplier<CollectedUnit> maker) {
    @Nullable Object[] slots = ofThread.get();
    if (slots[TOP] == BEGUN) {
      slots[TOP] = new Frame(maker.get(), true, null);
    }
    return made(slots);
  }

  private static @Nullable CollectedUnit made(@Nullable Object[] slots) {
    if (slots[TOP] instanceof Frame top) {
      return top.unit;
    }
    return slots[TOP] == null ? (CollectedUnit) slots[IMPLICIT] : null;
  }

  /** What to collect into where there is no frame. */
  void setImplicit(@Nullable CollectedUnit unit) {
    ofThread.get()[IMPLICIT] = unit;
  }

  /** Begins the block of a thread without a frame. */
  void begin() {
    ofThread.get()[TOP] = BEGUN;
  }

  /** The unit of that block, if an event has made it. */
  @Nullable CollectedUnit ofBlock() {
    Frame frame = frameOfBlock(ofThread.get());
    return frame == null ? null : frame.unit;
  }

  /** Ends that block; its unit, if an event has made it. */
  @Nullable CollectedUnit end() {
    @Nullable Object[] slots = ofThread.get();
    if (slots[TOP] == BEGUN) {
      slots[TOP] = null;
      return null;
    }
    Frame frame = frameOfBlock(slots);
    if (frame == null) {
      return null;
    }
    remove(frame);
    return frame.unit;
  }

  private static @Nullable Frame frameOfBlock(@Nullable Object[] slots) {
    Frame frame = slots[TOP] instanceof Frame top ? top : null;
    while (frame != null && !frame.outermostBlock) {
      frame = frame.below;
    }
    return frame;
  }

  /** Has the thread collect into another unit, until the frame is removed. */
  Frame push(CollectedUnit unit) {
    @Nullable Object[] slots = ofThread.get();
    Frame frame = new Frame(unit, false, (Frame) slots[TOP]);
    slots[TOP] = frame;
    return frame;
  }

  /** Ends a frame of the calling thread, on top or not. */
  void remove(Frame frame) {
    @Nullable Object[] slots = ofThread.get();
    if (slots[TOP] == frame) {
      slots[TOP] = frame.below;
      return;
    }
    Frame above = slots[TOP] instanceof Frame top ? top : null;
    while (above != null && above.below != frame) {
      above = above.below;
    }
    if (above != null) {
      above.below = frame.below;
    }
  }
}
