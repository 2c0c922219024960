package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One of the connections of a worker, made anew when it is lost. For one thread, but for {@link
 * #tearDown}.
 */
final class WorkerLink {

  private static final byte[] NO_ARGUMENT = {};

  private final Connector connector;
  private final AtomicInteger generation;
  private volatile @Nullable FaktoryConnection connection;
  private int connectedAs;

  /**
   * Not connected yet.
   *
   * @param generation when it grows, the server has forgotten the worker, and all connect anew
   */
  WorkerLink(Connector connector, AtomicInteger generation) {
    this.connector = connector;
    this.generation = generation;
  }

  /** Sends a command and waits for its answer. After an exception the next call connects anew. */
  Reply call(String verb, byte[] argument, Duration timeout) throws IOException {
    FaktoryConnection open = connected();
    return open.call(verb, argument, System.nanoTime() + timeout.toNanos(), null);
  }

  Reply call(String verb, Duration timeout) throws IOException {
    return call(verb, NO_ARGUMENT, timeout);
  }

  private FaktoryConnection connected() throws IOException {
    FaktoryConnection open = connection;
    int current = generation.get();
    if (open != null && open.isOpen() && connectedAs == current) {
      return open;
    }
    tearDown();
    FaktoryConnection fresh = connector.open();
    connectedAs = current;
    connection = fresh;
    return fresh;
  }

  /** Says goodbye to the server. */
  void end(Duration timeout) {
    FaktoryConnection open = connection;
    if (open != null) {
      open.end(System.nanoTime() + timeout.toNanos());
    }
  }

  /** For any thread. */
  void tearDown() {
    FaktoryConnection open = connection;
    if (open != null) {
      open.tearDown();
    }
  }
}
