package dev.eventcollector;

import org.jspecify.annotations.Nullable;

/** Watches one unit from its first event to its end. Safe for use by many threads. */
final class UnitWatch {

  private final ForgottenUnits forgotten;
  private volatile @Nullable Object watch; // written under the lock

  UnitWatch(ForgottenUnits forgotten) {
    this.forgotten = forgotten;
  }

  void ensureStarted(CollectedUnit unit) {
    if (watch == null) {
      start(unit);
    }
  }

  private synchronized void start(CollectedUnit unit) {
    if (watch == null) {
      watch = forgotten.watch(unit);
    }
    if (unit.hasEnded()) {
      end();
    }
  }

  void end() {
    if (watch != null) {
      unwatch();
    }
  }

  private synchronized void unwatch() {
    if (watch != null) {
      forgotten.unwatch(watch);
      watch = null;
    }
  }
}
