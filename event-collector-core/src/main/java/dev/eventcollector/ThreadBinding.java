package dev.eventcollector;

import java.util.Locale;

/** Binds a unit of work, or none, to the thread that creates it. */
final class ThreadBinding implements UnitOfWork.Binding {

  private final Thread thread = Thread.currentThread();
  private final CurrentUnit current;
  private final CurrentUnit.Frame frame;
  private final UnitListeners listeners;

  ThreadBinding(CurrentUnit current, CurrentUnit.Frame frame, UnitListeners listeners) {
    this.current = current;
    this.frame = frame;
    this.listeners = listeners;
  }

  @Override
  public void close() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "a unit of work bound on thread %s cannot be unbound on thread %s",
              thread.getName(),
              Thread.currentThread().getName()));
    }
    if (current.remove(frame)) {
      listeners.unboundFrom(frame);
    }
  }
}
