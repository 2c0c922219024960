package dev.eventcollector;

import dev.eventcollector.UnitsOfWork.Work;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries the current unit of work and the thread's replacement collector to other threads. */
final class ThreadCarrier {

  private ThreadCarrier() {}

  static <T extends @Nullable Object, X extends Exception> Work<T, X> carry(
      UnitsOfWork units, Work<T, X> work) {
    Optional<UnitOfWork> current = units.current();
    return current.isPresent() ? inUnit(current.get(), work) : withReplacement(work);
  }

  private static <T extends @Nullable Object, X extends Exception> Work<T, X> inUnit(
      UnitOfWork unit, Work<T, X> work) {
    return () -> {
      if (unit.hasEnded()) {
        throw new IllegalStateException(
            "the unit of work has ended, so the task that was wrapped in it cannot begin");
      }
      try (UnitOfWork.Binding bound = unit.bind()) {
        return work.call();
      }
    };
  }

  private static <T extends @Nullable Object, X extends Exception> Work<T, X> withReplacement(
      Work<T, X> work) {
    EventCollector replacement = EventCollectors.replacementOfThisThread();
    if (replacement == null) {
      return work;
    }
    return () -> {
      try (EventCollectors.Replacement replaced =
          EventCollectors.replaceOnThisThread(replacement)) {
        return work.call();
      }
    };
  }
}
