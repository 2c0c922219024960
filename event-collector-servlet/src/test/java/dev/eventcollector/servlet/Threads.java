package dev.eventcollector.servlet;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that requests run on. */
enum Threads {
  PLATFORM,
  VIRTUAL;

  static boolean virtualThreadsExist() {
    return Runtime.version().feature() >= 21;
  }

  /** By reflection, since this is compiled for Java 17. */
  static ExecutorService newVirtualThreadPerTaskExecutor() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no virtual threads before Java 21", e);
    }
  }

  static boolean isVirtual(Thread thread) {
    try {
      return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
