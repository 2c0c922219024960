package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a worker connected: consumes on a connection of the worker's own, and begins again on
 * another one whenever that, its channel or its consumer is lost.
 */
final class WorkerConnection {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);
  static final int CLOSE_MILLIS = 2_000;
  private static final long FIRST_RECONNECT_MILLIS = 100;
  private static final long LONGEST_RECONNECT_MILLIS = 10_000;

  private final WorkerSettings settings;
  private final ReadyDeliveries ready;
  private final RetryQueues retryQueues;
  private final Background background;
  private final Watchdog watchdog;
  private final Consumer<ConsumerSession> whenLost;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OpenConnection connection;
  private @Nullable ConsumerSession session;
  private boolean closed;
  private volatile @Nullable Long warnedOf;
  private volatile @Nullable String trouble = "not connected yet";

  /**
   * Keeps it connected.
   *
   * @param whenLost is told of each session that is over, after which its deliveries come again
   */
  WorkerConnection(
      WorkerSettings settings,
      ReadyDeliveries ready,
      RetryQueues retryQueues,
      Background background,
      Watchdog watchdog,
      Consumer<ConsumerSession> whenLost) {
    this.settings = settings;
    this.ready = ready;
    this.retryQueues = retryQueues;
    this.background = background;
    this.watchdog = watchdog;
    this.whenLost = whenLost;
  }

  void start() {
    background.execute(() -> connect(1));
  }

  private void connect(int attempt) {
    if (isClosed()) {
      return;
    }
    @Nullable OpenConnection open = null;
    try {
      open = settings.connector().connect("worker on " + settings.queue());
      consume(open);
      LOGGER.info("consuming {}", settings.queue());
    } catch (IOException | RuntimeException e) {
      String reason = Reasons.of(Streams.explained(settings.queue(), e));
      if (open != null) {
        forget(open);
        open.close(CLOSE_MILLIS);
      }
      if (attempt == 1) {
        LOGGER.warn("cannot consume {}, trying again: {}", settings.queue(), reason);
      }
      trouble = reason;
      connectLater(attempt + 1);
    }
  }

  private void consume(OpenConnection open) throws IOException {
    Topology.ensureQueue(open.connection(), settings.queue());
    retryQueues.open(open);
    int maxDeliveries = maxDeliveries(open.connection());
    ConsumerSession fresh =
        new ConsumerSession(settings, maxDeliveries, open, watchdog, ready, background, this::lost);
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the worker is closed");
      }
      connection = open;
      session = fresh;
    } finally {
      lock.unlock();
    }
    trouble = null;
    fresh.start();
  }

  /** As it is set, or fewer where the queue would delete the delivery before. */
  private int maxDeliveries(Connection open) throws IOException {
    Long limit =
        Topology.isRabbitMq(open)
            ? QueueArguments.of(open, settings.queue()).deliveryLimit(Topology.isVersion4(open))
            : null;
    if (limit == null) {
      return settings.maxDeliveries();
    }
    long belowLimit = Math.max(1, limit - Math.max(1, limit / 4)); // room for a parking that fails
    if (belowLimit >= settings.maxDeliveries()) {
      return settings.maxDeliveries();
    }
    if (!limit.equals(warnedOf)) {
      warnedOf = limit;
      LOGGER.warn(
          "{} deletes what was delivered {} times (x-delivery-limit), so deliveries are parked after"
              + " {} and not after {} (maxDeliveries)",
          settings.queue(),
          limit,
          belowLimit,
          settings.maxDeliveries());
    }
    return (int) belowLimit;
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void lost(ConsumerSession lost, String reason) {
    OpenConnection broken = forget(lost);
    if (broken == null) {
      return;
    }
    trouble = reason;
    LOGGER.warn("no longer consuming {}: {}", settings.queue(), reason);
    background.execute(
        () -> {
          whenLost.accept(lost);
          broken.close(CLOSE_MILLIS);
        });
    connectLater(1);
  }

  /**
   * Gives everything back by closing the channel, and consumes again once a probe answers true, so
   * that the broker counts one return only, however long it takes.
   */
  void pauseUntil(String reason, BooleanSupplier probe) {
    lock.lock();
    ConsumerSession paused = session;
    lock.unlock();
    OpenConnection open = paused == null ? null : forget(paused);
    if (paused == null || open == null) {
      return;
    }
    trouble = reason;
    LOGGER.warn(
        "{} is not consumed until this is over: {}. Deliveries were held for {} (holdLimit) and are"
            + " given back",
        settings.queue(),
        reason,
        settings.holdLimit());
    open.close(CLOSE_MILLIS);
    whenLost.accept(paused);
    probeLater(probe, 1);
  }

  private void probeLater(BooleanSupplier probe, int attempt) {
    background.later(
        pause(attempt),
        () -> {
          boolean well = false;
          try {
            well = probe.getAsBoolean();
          } catch (Throwable e) {
            LOGGER.debug("the probe failed", e);
          }
          if (well) {
            connect(1);
          } else if (!isClosed()) {
            probeLater(probe, attempt + 1);
          }
        });
  }

  private static long pause(int attempt) {
    return Math.min(LONGEST_RECONNECT_MILLIS, FIRST_RECONNECT_MILLIS << Math.min(attempt - 1, 10));
  }

  private void connectLater(int attempt) {
    background.later(pause(attempt), () -> connect(attempt));
  }

  /** Non-null for one caller only: others that hear of it must not make a second consumer. */
  private @Nullable OpenConnection forget(ConsumerSession lost) {
    lock.lock();
    try {
      if (closed || session != lost) {
        return null;
      }
      OpenConnection open = connection;
      session.end();
      session = null;
      connection = null;
      return open;
    } finally {
      lock.unlock();
    }
  }

  private void forget(OpenConnection failed) {
    lock.lock();
    try {
      if (connection == failed && session != null) {
        session.end();
        session = null;
        connection = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Why nothing is consumed at the moment; null when it is. */
  @Nullable String trouble() {
    return trouble;
  }

  /**
   * Connects no more. The consumer is not cancelled: on a queue with a single active consumer the
   * next one would get later deliveries before those that are given back at the end.
   */
  void stop() {
    lock.lock();
    closed = true;
    lock.unlock();
  }

  /** Closes the connection, which gives back what is not settled; two seconds at most. */
  void close() {
    lock.lock();
    OpenConnection open = connection;
    if (session != null) {
      session.end();
    }
    lock.unlock();
    if (open != null) {
      open.close(CLOSE_MILLIS);
    }
  }
}
