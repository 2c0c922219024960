package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Connections for pushing, one for each thread while it publishes. */
final class ConnectionPool {

  /** A connection that was silent longer is looked at before it is used. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** One that was silent longer is not used: firewalls forget connections without a word. */
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long THREAD_IDLE_SECONDS = 10;

  private final Connector connector;
  private final int max;
  private final Semaphore permits;
  private final ConcurrentLinkedDeque<FaktoryConnection> idle = new ConcurrentLinkedDeque<>();
  private final OpenConnections<FaktoryConnection> all = new OpenConnections<>();
  private volatile boolean closed;

  /** Connects: looking up a host can take longer than anybody wants to wait. */
  private final ExecutorService background =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          THREAD_IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          DaemonThreads.named("faktory-connect"));

  ConnectionPool(Connector connector, int max) {
    this.connector = connector;
    this.max = max;
    this.permits = new Semaphore(max);
  }

  /**
   * A connection for the calling thread, to be given back.
   *
   * @throws IOException when there is none, so that nothing was sent; one sentence says why
   */
  FaktoryConnection take(long deadline) throws IOException, InterruptedException {
    if (!permits.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
      throw new FaktoryException("no connection became free; " + max + " are in use");
    }
    boolean taken = false;
    try {
      FaktoryConnection connection = usable();
      if (connection == null) {
        connection = connect(deadline);
      }
      taken = true;
      return connection;
    } finally {
      if (!taken) {
        permits.release();
      }
    }
  }

  private @Nullable FaktoryConnection usable() throws FaktoryException {
    if (closed) {
      throw new FaktoryException("the publisher is closed");
    }
    while (true) {
      FaktoryConnection connection = idle.pollFirst();
      if (connection == null) {
        return null;
      }
      long silent = connection.idleNanos();
      if (silent < LOOK_NANOS
          ? connection.isOpen()
          : silent < IDLE_NANOS && !connection.isStale()) {
        return connection;
      }
      drop(connection);
    }
  }

  private FaktoryConnection connect(long deadline) throws IOException, InterruptedException {
    CompletableFuture<FaktoryConnection> opening =
        CompletableFuture.supplyAsync(this::open, background);
    try {
      return opening.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new FaktoryException(
          String.format(
              Locale.ROOT, "no connection to %s: %s", connector, Reasons.of(Reasons.unwrapped(e))));
    } catch (TimeoutException | InterruptedException e) {
      opening.thenAccept(this::keep); // for the next
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      throw new FaktoryException("no connection to " + connector + " within the publish timeout");
    }
  }

  private FaktoryConnection open() {
    try {
      FaktoryConnection connection = connector.open();
      all.add(connection);
      if (closed) {
        drop(connection);
        throw new FaktoryException("the publisher is closed");
      }
      return connection;
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Takes back what {@link #take} has given. */
  void giveBack(FaktoryConnection connection) {
    keep(connection);
    permits.release();
  }

  private void keep(FaktoryConnection connection) {
    if (closed || !connection.isOpen()) {
      drop(connection);
      return;
    }
    idle.addFirst(connection);
    if (closed && idle.remove(connection)) {
      drop(connection);
    }
  }

  private void drop(FaktoryConnection connection) {
    connection.tearDown();
    all.remove(connection);
  }

  /** Since when there is a connection; null while there is none. */
  @Nullable Instant connectedSince() {
    return all.since();
  }

  /** Ends idle connections, and tears down those in use. */
  void close() {
    closed = true;
    long deadline = System.nanoTime() + CLOSE_NANOS;
    for (FaktoryConnection c = idle.pollFirst(); c != null; c = idle.pollFirst()) {
      c.end(deadline);
    }
    all.removeAll().forEach(FaktoryConnection::tearDown);
    background.shutdown();
  }
}
