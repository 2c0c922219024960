package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.internal.SafeLog;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The current connection, and the next one after it was lost: one at a time. */
final class PublishingConnections {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqEventPublisher.class);
  private static final int CLOSE_MILLIS = 2_000;

  /** RabbitMQ 3 closes the connection over it, RabbitMQ 4 the channel. */
  private static final String UNKNOWN_TYPE = "unknown exchange type";

  private final Connector connector;
  private final String purpose;
  private final List<Declaration> declarations;
  private final Executor background;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable CompletableFuture<PublishingConnection> connecting;
  private volatile @Nullable PublishingConnection connection;
  private volatile int maxChannels;
  private volatile boolean closed;
  private volatile @Nullable String lastFailure;

  /** Over these the broker closes the connection, so each is tried on a connection of its own. */
  private final Set<Declaration> closing = ConcurrentHashMap.newKeySet();

  /** With the declarations for every new connection. */
  PublishingConnections(
      Connector connector,
      String purpose,
      int maxChannels,
      List<Declaration> declarations,
      Executor background) {
    this.connector = connector;
    this.purpose = purpose;
    this.maxChannels = maxChannels;
    this.declarations = declarations;
    this.background = background;
  }

  /** The open connection. Without one, connects, once for all threads, and waits for it. */
  PublishingConnection get(long deadline)
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
      throw new TimeoutException(
          "no connection within the publish timeout to " + connector + afterLastFailure());
    }
  }

  /** Why connecting has failed before, to be added to a reason; empty when it has not. */
  String afterLastFailure() {
    String failure = lastFailure;
    return failure == null ? "" : "; before that: " + failure;
  }

  private PublishingConnection connect() {
    @Nullable PublishingConnection fresh = null;
    try {
      fresh =
          new PublishingConnection(
              openAndDeclare(), maxChannels, background, this::tooManyChannels);
      lastFailure = null;
      return fresh;
    } catch (IOException e) {
      lastFailure = e.getMessage();
      throw new CompletionException(e);
    } finally { // even after an error, for example without threads: the next may succeed
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

  /**
   * With one channel more the broker closes the connection, and breaks off the chunks on all the
   * others. How many it allows is not known, as other connections may have some of them.
   */
  private void tooManyChannels(int wanted) {
    maxChannels = Math.max(1, wanted / 2);
    SafeLog.withoutThrowable(
        () ->
            LOGGER.warn(
                "{} allows fewer than {} channels, so {} are used from now on; a lower maxChannels"
                    + " avoids that it closes the connection over it",
                connector,
                wanted,
                maxChannels));
  }

  private OpenConnection openAndDeclare() throws IOException {
    OpenConnection open = connector.connect(purpose);
    try {
      for (Declaration one : declarations) {
        if (closing.contains(one)) {
          declareApart(one);
        } else if (!declare(open, one)) {
          closing.add(one);
          open.close(CLOSE_MILLIS);
          open = connector.connect(purpose);
        }
      }
      return open;
    } catch (IOException | RuntimeException e) {
      open.close(CLOSE_MILLIS);
      throw e;
    }
  }

  /**
   * A failed declaration must not stop publishing to other targets.
   *
   * @return false when the broker has closed the connection over it
   */
  private static boolean declare(OpenConnection open, Declaration one) throws IOException {
    try {
      one.action().on(open.connection());
      return true;
    } catch (IOException e) {
      boolean survived = open.connection().isOpen();
      if (!(e.getCause() instanceof ShutdownSignalException refusal)
          || !survived && ShutdownKind.of(refusal) != ShutdownKind.CONNECTION_ERROR) {
        throw e;
      }
      String reason = Reasons.of(refusal);
      LOGGER.warn(
          "{} cannot be declared at {}: {}{}{}",
          one.what(),
          open.address(),
          reason,
          survived ? "" : ". The broker closes the connection over it",
          survived && !reason.contains(UNKNOWN_TYPE)
              ? ""
              : ". " + one.advice() + " Publishing goes on without it");
      return survived;
    }
  }

  /** Tried again each time, as the broker may have been given a plugin meanwhile. */
  private void declareApart(Declaration one) {
    try {
      OpenConnection apart = connector.connect(purpose + " (declaring)");
      try {
        if (declare(apart, one)) {
          closing.remove(one);
        }
      } finally {
        apart.close(CLOSE_MILLIS);
      }
    } catch (IOException | AlreadyClosedException e) {
      LOGGER.warn("{} could not be declared: {}", one.what(), Reasons.of(e));
    }
  }

  /** The open connection; null while there is none. */
  @Nullable PublishingConnection current() {
    PublishingConnection open = connection;
    return open != null && open.isOpen() ? open : null;
  }

  /** Closes the current connection without waiting; the next use opens a new one. */
  void dropInBackground() {
    PublishingConnection open = current();
    if (open != null) {
      try {
        background.execute(() -> open.close(CLOSE_MILLIS));
      } catch (RejectedExecutionException | OutOfMemoryError e) { // closed, or no more threads
        open.socket().tearDown();
      }
    }
  }

  /** Closes the connection for good, without waiting. */
  void closeInBackground() {
    markClosed();
    dropInBackground();
  }

  /** Closes the connection for good; takes at most two seconds if the broker does not answer. */
  void close() {
    markClosed();
    PublishingConnection open = connection;
    if (open != null) {
      open.close(CLOSE_MILLIS);
    }
  }

  private void markClosed() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
