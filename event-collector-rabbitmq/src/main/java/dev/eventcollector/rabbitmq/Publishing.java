package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The only way to publish with confirms: a connection, its channels, one deadline per chunk, and a
 * watchdog that closes a stalled socket. Connects for the first chunk, and again after the
 * connection was lost. {@link ChunkRun} isolates a message that harms the others.
 *
 * <p>Safe for use by many threads. No lock is held while it connects, writes or waits.
 */
final class Publishing {

  private static final String BLOCKED = "the broker blocks publishing: ";
  private static final long IDLE_SECONDS = 10;
  private static final long LEAST_NANOS_TO_WRITE = TimeUnit.MILLISECONDS.toNanos(100);

  private final Watchdog watchdog = new Watchdog();
  private final Suspects suspects = new Suspects();
  private final ExecutorService background =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          DaemonThreads.named("event-collector-rabbitmq"));

  private final PublishingConnections shared;

  /** For messages that may make the broker close a connection; one chunk at a time. */
  private final PublishingConnections isolated;

  private final Semaphore isolation = new Semaphore(1);

  Publishing(Connector connector, String purpose, int maxChannels, List<Declaration> declarations) {
    this.shared =
        new PublishingConnections(connector, purpose, maxChannels, declarations, background);
    this.isolated =
        new PublishingConnections(connector, purpose + " (isolated)", 1, List.of(), background);
  }

  /**
   * Connects, if there is no connection yet.
   *
   * @throws IOException when that fails
   */
  void connect(long nanos) throws IOException {
    try {
      shared.get(System.nanoTime() + nanos);
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting", e);
    }
  }

  /** Publishes a chunk within the timeout and returns the outcome of each message. */
  List<Outcome> publish(Chunk chunk, Duration timeout) {
    long nanos = Timeouts.nanos(timeout);
    long deadline = System.nanoTime() + nanos;
    long latestStart = deadline - Math.min(nanos / 10, LEAST_NANOS_TO_WRITE);
    return new ChunkRun(this, suspects, chunk, latestStart, deadline).publish();
  }

  /** Publishes the chunk, or its first part, on one channel of the shared connection. */
  Published publishShared(Chunk chunk, long latestStart, long deadline) {
    return publishOnOneChannel(shared, chunk, null, latestStart, deadline, Long.MAX_VALUE);
  }

  /** Like {@link #publishShared}, but a small chunk that has to wait may go with others. */
  Published publishWithOthers(Chunk chunk, long latestStart, long deadline) {
    String queue = WaitingChunk.soleQueue(chunk);
    return publishOnOneChannel(shared, chunk, queue, latestStart, deadline, Long.MAX_VALUE);
  }

  /** Like {@link #publishShared}, but waits at most this many nanoseconds for the answers. */
  Published tryShared(Chunk chunk, long latestStart, long deadline, long maxWait) {
    return publishOnOneChannel(shared, chunk, null, latestStart, deadline, maxWait);
  }

  /** Like {@link #publishShared}, on a connection of its own. In isolation only. */
  Published publishIsolated(Chunk chunk, long latestStart, long deadline) {
    return publishOnOneChannel(isolated, chunk, null, latestStart, deadline, Long.MAX_VALUE);
  }

  /** Waits for the calling thread's turn on the isolated connection. */
  boolean beginIsolation(long latestStart) {
    try {
      return isolation.tryAcquire(
          Math.max(0, latestStart - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void endIsolation() {
    try {
      isolated.dropInBackground();
    } finally {
      isolation.release();
    }
  }

  /** With others only if there is a queue, from {@link WaitingChunk#soleQueue}. */
  private Published publishOnOneChannel(
      PublishingConnections connections,
      Chunk chunk,
      @Nullable String queue,
      long latestStart,
      long deadline,
      long maxWait) {
    PublishingConnection open;
    try {
      open = connections.get(deadline);
      String blocked = open.blockedReason();
      if (blocked != null) {
        return notSent(chunk, BLOCKED + blocked);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!open.turns().take(queue)) {
        WaitingChunk waiting = new WaitingChunk(chunk, latestStart, deadline, queue);
        Published published = awaitTurn(open, waiting);
        if (published != null) {
          return published;
        }
      }
    } catch (IOException | TimeoutException e) {
      return notSent(chunk, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notSent(
          chunk, "interrupted before anything was sent" + connections.afterLastFailure());
    }
    try {
      return publishInTurn(open, chunk, latestStart, deadline, maxWait);
    } finally {
      endTurn(open, queue);
    }
  }

  private @Nullable Published awaitTurn(PublishingConnection open, WaitingChunk waiting)
      throws TimeoutException, InterruptedException {
    try {
      open.turns().join(waiting);
      return waiting.await(open.turns());
    } catch (Error e) { // no memory, or no stack: without its thread a turn would never end
      if (!waiting.leave(e)) {
        endTurn(open, waiting.queue());
      }
      throw e;
    }
  }

  private void endTurn(PublishingConnection open, @Nullable String queue) {
    ChunksTogether next = open.turns().end(queue);
    if (next != null) {
      try {
        background.execute(() -> publishTogether(open, next));
      } catch (RejectedExecutionException | OutOfMemoryError e) { // closed, or no more threads
        open.turns().apart(next); // not here: this thread has a deadline, and may be interrupted
      }
    }
  }

  /** In no caller's thread, as each may be interrupted, and leaves at a deadline of its own. */
  private void publishTogether(PublishingConnection open, ChunksTogether first) {
    for (ChunksTogether chunks = first; chunks != null; chunks = open.turns().end(chunks.queue())) {
      try {
        chunks.published(
            publishInTurn(
                open, chunks.asOne(), chunks.latestStart(), chunks.deadline(), Long.MAX_VALUE));
      } catch (Throwable e) {
        chunks.failed(e);
      }
    }
  }

  /**
   * The watch begins only here, with enough time for a write: it closes a socket that other threads
   * use, so it may do so only if that socket hangs.
   */
  private Published publishInTurn(
      PublishingConnection open, Chunk chunk, long latestStart, long deadline, long maxWait) {
    if (latestStart - System.nanoTime() < 0) {
      return notSent(chunk, "no time was left to send it");
    }
    String blocked = open.blockedReason(); // perhaps since it waits
    if (blocked != null) {
      return notSent(chunk, BLOCKED + blocked);
    }
    try (Watchdog.Watch watch = watchdog.watch(open.socket(), deadline)) {
      ConfirmingChannel channel;
      try {
        channel = open.takeChannel();
      } catch (IOException | RuntimeException e) {
        return open.isOpen()
            ? notSent(chunk, "no channel could be opened: " + Reasons.of(e))
            : Published.nothing(e); // the connection was lost unnoticed; another may succeed
      }
      try {
        return channel.publish(chunk, watch, deadline, maxWait);
      } finally {
        open.giveBack(channel);
      }
    }
  }

  private static Published notSent(Chunk chunk, String reason) {
    return new Published(
        Collections.nCopies(chunk.size(), Outcome.notSent(reason)), ShutdownKind.NONE);
  }

  /** Closes the connections; takes at most two seconds if the broker does not answer. */
  void close() {
    isolated.closeInBackground();
    shared.close();
    background.shutdown();
    watchdog.close();
  }

  /** The start of the publishing connection; null while there is none. */
  @Nullable Instant connectedSince() {
    PublishingConnection open = shared.current();
    return open == null ? null : open.since();
  }

  /** Why the broker accepts no messages at the moment, in its own words; null when it does. */
  @Nullable String blockedReason() {
    PublishingConnection open = shared.current();
    return open == null ? null : open.blockedReason();
  }
}
