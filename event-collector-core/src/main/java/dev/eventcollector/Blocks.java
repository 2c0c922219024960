package dev.eventcollector;

import dev.eventcollector.UnitsOfWork.Work;
import dev.eventcollector.internal.SafeLog;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in a unit that begins and ends with it. Then restores the thread's binding, even if the
 * work has changed it.
 */
final class Blocks {

  private static final Logger LOGGER = LoggerFactory.getLogger(Blocks.class);

  private final CollectedUnits units;
  private final CurrentUnit current;
  private final UnitListeners listeners;

  Blocks(CollectedUnits units, CurrentUnit current, UnitListeners listeners) {
    this.units = units;
    this.current = current;
    this.listeners = listeners;
  }

  <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X {
    if (current.isFree()) {
      return callInOutermost(work);
    }
    CollectedUnit outer = current.get();
    return outer == null || outer.isImplicit() || outer.letsBlocksBeUnitsOfTheirOwn()
        ? callApart(work)
        : callInside(outer, work);
  }

  /** Makes no unit before an event, or a listener, needs one. */
  private <T extends @Nullable Object, X extends Exception> T callInOutermost(Work<T, X> work)
      throws X {
    current.begin();
    try {
      if (listeners.any()) {
        current.get();
      }
      T result = work.call();
      CollectedUnit unit = current.ofBlock();
      if (unit != null) {
        unit.endAndPublish();
      }
      return result;
    } finally {
      CollectedUnit unit = current.ofBlock();
      tellOf(current.end());
      if (unit != null) {
        unit.endAndClear(); // no effect once it has been published
      }
    }
  }

  /** For a thread that is suspended, or bound to a unit that blocks can no longer join. */
  private <T extends @Nullable Object, X extends Exception> T callApart(Work<T, X> work) throws X {
    CollectedUnit unit = units.newUnit(UnitKind.OF_BLOCK);
    CurrentUnit.Frame frame = current.push(unit);
    try {
      T result = work.call();
      unit.endAndPublish();
      return result;
    } finally {
      tellOf(current.restoreBelow(frame));
      unit.endAndClear(); // no effect once it has been published
    }
  }

  private <T extends @Nullable Object, X extends Exception> T callInside(
      CollectedUnit outer, Work<T, X> work) throws X {
    CollectedUnit nested = outer.nested(UnitKind.OF_BLOCK);
    CurrentUnit.Frame frame = current.push(nested);
    boolean succeeded = false;
    try {
      T result = work.call();
      succeeded = true;
      return result;
    } finally {
      tellOf(current.restoreBelow(frame));
      if (succeeded) {
        nested.endAndKeep();
      } else {
        nested.endAndClear();
      }
    }
  }

  private void tellOf(List<CurrentUnit.Frame> leftBehind) {
    if (!leftBehind.isEmpty()) {
      leftBehind.forEach(listeners::unboundFrom);
      SafeLog.withoutThrowable(
          () ->
              LOGGER.warn(
                  "A block on thread {} left {} binding(s) or suspension(s) open that were made"
                      + " inside it; they are undone. Close each on its thread, in reverse order.",
                  Thread.currentThread().getName(),
                  leftBehind.size()));
    }
  }
}
