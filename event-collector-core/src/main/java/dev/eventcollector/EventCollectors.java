package dev.eventcollector;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Installs, once at start-up, the collector behind {@link
 * EventCollector#threadSingletonInstance()}.
 *
 * <pre>{@code
 * try (var collector = EventCollectors.install(publisher)) {
 *   serve();
 * }                                        // drains owed events, then uninstalls
 * }</pre>
 *
 * <p>Safe for use by many threads. Not needed with dependency injection.
 */
public final class EventCollectors {

  private static final AtomicReference<@Nullable EventCollector> INSTALLED =
      new AtomicReference<>();
  private static final ThreadLocal<@Nullable EventCollector> OF_THIS_THREAD = new ThreadLocal<>();

  private EventCollectors() {}

  /**
   * Installs a collector with default settings for this publisher. Closing the collector closes the
   * publisher and uninstalls the collector.
   *
   * @throws IllegalStateException when another collector is installed
   */
  public static PublishingEventCollector install(EventPublisher publisher) {
    return install(PublishingEventCollector.builder(publisher).build());
  }

  /**
   * Installs a collector for the whole process.
   *
   * @return the collector
   * @throws IllegalStateException when another collector is installed
   */
  public static <C extends EventCollector> C install(C collector) {
    requireReal(collector);
    if (!INSTALLED.compareAndSet(null, collector) && INSTALLED.get() != collector) {
      throw new IllegalStateException(
          "a collector is installed already: " + INSTALLED.get() + "; close or uninstall it first");
    }
    return collector;
  }

  /** Uninstalls the collector if it is the one that is installed. Does not close it. */
  public static void uninstall(EventCollector collector) {
    INSTALLED.compareAndSet(collector, null);
  }

  /**
   * Puts another collector in place for the whole process, until the replacement is closed. For
   * tests; replacements must be closed in reverse order.
   */
  public static Replacement replace(EventCollector collector) {
    requireReal(collector);
    @Nullable EventCollector before = INSTALLED.getAndSet(collector);
    return () -> {
      if (!INSTALLED.compareAndSet(collector, before)) {
        throw new IllegalStateException(
            "cannot restore " + before + ": " + INSTALLED.get() + " has taken the place meanwhile");
      }
    };
  }

  /**
   * Puts another collector in place for the calling thread only, until the replacement is closed on
   * that thread. For tests that run in parallel.
   */
  public static Replacement replaceOnThisThread(EventCollector collector) {
    requireReal(collector);
    @Nullable EventCollector before = OF_THIS_THREAD.get();
    OF_THIS_THREAD.set(collector);
    return () -> {
      if (OF_THIS_THREAD.get() != collector) {
        throw new IllegalStateException(
            "a replacement must be closed on the thread that made it, in reverse order");
      }
      if (before == null) {
        OF_THIS_THREAD.remove();
      } else {
        OF_THIS_THREAD.set(before);
      }
    };
  }

  /** The replacement on the calling thread. */
  static @Nullable EventCollector replacementOfThisThread() {
    return OF_THIS_THREAD.get();
  }

  /** Puts a replacement, or none, in place on the calling thread, and returns the previous one. */
  static @Nullable EventCollector swapOnThisThread(@Nullable EventCollector collector) {
    EventCollector before = OF_THIS_THREAD.get();
    if (collector == null) {
      OF_THIS_THREAD.remove();
    } else {
      OF_THIS_THREAD.set(collector);
    }
    return before;
  }

  /**
   * The current collector behind {@link EventCollector#threadSingletonInstance()} for the calling
   * thread.
   *
   * @throws IllegalStateException when none is installed
   */
  public static EventCollector current() {
    EventCollector ofThisThread = OF_THIS_THREAD.get();
    if (ofThisThread != null) {
      return ofThisThread;
    }
    EventCollector installed = INSTALLED.get();
    if (installed == null) {
      throw new IllegalStateException(
          "no event collector is installed: call EventCollectors.install(publisher) once at"
              + " start-up, or, in a test, use the testkit's EventCollectorExtension (by"
              + " onAllThreads(), where other threads than the test's enqueue)");
    }
    return installed;
  }

  private static void requireReal(EventCollector collector) {
    if (Objects.requireNonNull(collector, "collector") == ThreadSingletonEventCollector.INSTANCE) {
      throw new IllegalArgumentException(
          "threadSingletonInstance() stands for the installed collector and cannot be installed");
    }
  }

  /** Undoes a replacement. */
  @FunctionalInterface
  public interface Replacement extends AutoCloseable {
    /**
     * Restores the previous collector.
     *
     * @throws IllegalStateException when another collector was put in place meanwhile
     */
    @Override
    void close();
  }
}
