package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one way to publish and to confirm: a connection, its channels, one deadline for a chunk, and
 * a watchdog that tears down a socket that takes no more. Connects when the first chunk is
 * published, and again when the connection was lost.
 *
 * <p>Safe for use by many threads. No lock is held while it connects, writes or waits.
 */
final class Publishing {

  private static final int CLOSE_MILLIS = 2_000;
  private static final long IDLE_SECONDS = 10;
  private static final long LEAST_NANOS_TO_WRITE = TimeUnit.MILLISECONDS.toNanos(100);

  private final Connector connector;
  private final String purpose;
  private final int maxChannels;
  private final List<String> queues;
  private final Watchdog watchdog = new Watchdog();
  private final ExecutorService background =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          DaemonThreads.named("event-collector-rabbitmq"));

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable CompletableFuture<PublishingConnection> connecting;
  private volatile @Nullable PublishingConnection connection;
  private volatile boolean closed;

  Publishing(Connector connector, String purpose, int maxChannels, List<String> queues) {
    this.connector = connector;
    this.purpose = purpose;
    this.maxChannels = maxChannels;
    this.queues = queues;
  }

  /** Publishes a chunk, within the timeout, and tells what became of each message. */
  List<Outcome> publish(Chunk chunk, Duration timeout) {
    long nanos = Timeouts.nanos(timeout);
    long deadline = System.nanoTime() + nanos;
    long latestStart = deadline - Math.min(nanos / 10, LEAST_NANOS_TO_WRITE);
    List<Outcome> outcomes = new ArrayList<>(chunk.size());
    boolean progressed = true;
    while (outcomes.size() < chunk.size()) {
      Chunk rest = outcomes.isEmpty() ? chunk : chunk.from(outcomes.size());
      List<Outcome> some = publishOnOneChannel(rest, latestStart, deadline).outcomes();
      if (some.isEmpty() && !progressed) {
        some = notSent(rest, "the channel was closed before anything was sent").outcomes();
      }
      progressed = !some.isEmpty();
      outcomes.addAll(some);
    }
    return outcomes;
  }

  private Published publishOnOneChannel(Chunk chunk, long latestStart, long deadline) {
    PublishingConnection open;
    try {
      open = connection(deadline);
      String blocked = open.blockedReason();
      if (blocked != null) {
        return notSent(chunk, "the broker blocks publishing: " + blocked);
      }
      if (!open.awaitTurn(latestStart)) {
        return notSent(chunk, "no channel became free; " + maxChannels + " are in use");
      }
    } catch (IOException | TimeoutException e) {
      return notSent(chunk, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notSent(chunk, "interrupted before anything was sent");
    }
    try {
      return publishInTurn(open, chunk, latestStart, deadline);
    } finally {
      open.endTurn();
    }
  }

  /**
   * The watch begins here and not earlier, and not with less time than a write needs: it tears down
   * a socket that other threads use too, and may do so only when that socket hangs.
   */
  private Published publishInTurn(
      PublishingConnection open, Chunk chunk, long latestStart, long deadline) {
    if (latestStart - System.nanoTime() < 0) {
      return notSent(chunk, "no time was left to send it");
    }
    try (Watchdog.Watch watch = watchdog.watch(open.socket(), deadline)) {
      ConfirmingChannel channel;
      try {
        channel = open.takeChannel();
      } catch (IOException | RuntimeException e) {
        return open.isOpen()
            ? notSent(chunk, "no channel could be opened: " + Reasons.of(e))
            : Published.NOTHING; // the connection had been lost unnoticed, and another may do
      }
      try {
        return channel.publish(chunk, watch, deadline);
      } finally {
        open.giveBack(channel);
      }
    }
  }

  private static Published notSent(Chunk chunk, String reason) {
    return new Published(
        Collections.nCopies(chunk.size(), Outcome.notSent(reason)), ShutdownKind.NONE);
  }

  /** The open connection; else connects, once for all threads, and waits for that. */
  private PublishingConnection connection(long deadline)
      throws IOException, TimeoutException, InterruptedException {
    PublishingConnection open = connection;
    if (open != null && open.isOpen()) {
      return open;
    }
    CompletableFuture<PublishingConnection> future;
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new IOException("publishing is closed");
      }
      open = connection;
      if (open != null && open.isOpen()) {
        return open;
      }
      if (connecting == null) {
        connecting = CompletableFuture.supplyAsync(this::connect, background);
      }
      future = connecting;
    } finally {
      lock.unlock();
    }
    try {
      return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IOException(Reasons.of(e).replaceFirst("^IOException: ", ""));
    } catch (TimeoutException e) {
      throw new TimeoutException("no connection within the publish timeout to " + connector);
    }
  }

  private PublishingConnection connect() {
    @Nullable PublishingConnection fresh = null;
    try {
      fresh = new PublishingConnection(openWithQueues(), maxChannels, background);
      return fresh;
    } catch (IOException e) {
      throw new CompletionException(e);
    } finally { // also after an error, such as one that no thread can be made: the next may succeed
      lock.lock();
      try {
        connecting = null;
        if (fresh != null) {
          connection = fresh;
        }
      } finally {
        lock.unlock();
      }
      if (closed && fresh != null) {
        fresh.close(CLOSE_MILLIS);
      }
    }
  }

  private OpenConnection openWithQueues() throws IOException {
    OpenConnection open = connector.connect(purpose);
    try {
      for (String queue : queues) {
        Topology.ensureQueue(open.connection(), queue);
      }
      return open;
    } catch (IOException | RuntimeException e) {
      open.close(CLOSE_MILLIS);
      throw e;
    }
  }

  /** Closes the connection; takes at most two seconds when the broker does not answer. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    PublishingConnection open = connection;
    if (open != null) {
      open.close(CLOSE_MILLIS);
    }
    background.shutdown();
    watchdog.close();
  }

  /** Since when there is a connection for publishing; null while there is none. */
  @Nullable Instant connectedSince() {
    PublishingConnection open = connection;
    return open != null && open.isOpen() ? open.since() : null;
  }

  /** Why the broker takes no messages at the moment, in its words; null when it does. */
  @Nullable String blockedReason() {
    PublishingConnection open = connection;
    return open != null && open.isOpen() ? open.blockedReason() : null;
  }
}
