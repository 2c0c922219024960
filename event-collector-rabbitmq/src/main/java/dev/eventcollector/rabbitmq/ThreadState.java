package dev.eventcollector.rabbitmq;

import dev.eventcollector.UnitsOfWork;
import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The state of a handler thread before its first delivery. If a handler changes it, the thread is
 * not used again: only a new thread is certainly clean.
 */
final class ThreadState {

  private final String name;
  private final int priority;
  private final @Nullable ClassLoader loader;
  private final @Nullable UncaughtExceptionHandler handler;

  ThreadState(Thread thread) {
    name = thread.getName();
    priority = thread.getPriority();
    loader = thread.getContextClassLoader();
    handler = thread.getUncaughtExceptionHandler();
  }

  /**
   * Cleans the calling thread after a delivery.
   *
   * @return whether the thread can go on
   */
  boolean restore(@Nullable UnitsOfWork units) {
    Thread.interrupted();
    Thread thread = Thread.currentThread();
    try {
      MDC.clear();
      boolean same =
          thread.getPriority() == priority
              && thread.getContextClassLoader() == loader
              && thread.getUncaughtExceptionHandler() == handler
              && thread.getName().equals(name)
              && (units == null || units.current().isEmpty());
      if (!same) { // for the remaining work here; a new thread inherits it
        thread.setContextClassLoader(loader);
        thread.setPriority(priority);
        thread.setUncaughtExceptionHandler(handler);
      }
      return same;
    } catch (Throwable e) {
      return false;
    }
  }
}
