package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.Connection;
import dev.eventcollector.internal.SafeLog;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a worker connected: consumes on the worker's own connection, and begins again on a new one
 * when the connection, its channel or its consumer is lost.
 */
final class WorkerConnection implements ConsumerSession.Worker {

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
  private final Consumer<DeliveryInHand> settle;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OpenConnection connection;
  private @Nullable ConsumerSession session;
  private boolean closed;

  /** The number of consecutive sessions that were lost before they settled anything. */
  private volatile int lostInARow;

  /** The number of sessions lost, or given up, since the worker was started. */
  private int survived; // guarded by the lock

  /** Whether a message has come with headers that the client cannot read. */
  private volatile boolean cutsHeaders;

  private volatile @Nullable Long warnedOf;
  private volatile @Nullable String trouble = "not connected yet";

  /**
   * Keeps a worker connected.
   *
   * @param whenLost receives each session that is over; its deliveries come again
   * @param settle settles a delivery that has a result without a handler
   */
  WorkerConnection(
      WorkerSettings settings,
      ReadyDeliveries ready,
      RetryQueues retryQueues,
      Background background,
      Watchdog watchdog,
      Consumer<ConsumerSession> whenLost,
      Consumer<DeliveryInHand> settle) {
    this.settings = settings;
    this.ready = ready;
    this.retryQueues = retryQueues;
    this.background = background;
    this.watchdog = watchdog;
    this.whenLost = whenLost;
    this.settle = settle;
  }

  /**
   * Connects in the background.
   *
   * @param persists whether it tries again when the first try fails
   * @return when that try is over: null if the queue is consumed, else why it is not
   */
  Future<@Nullable String> start(boolean persists) {
    CompletableFuture<@Nullable String> first = new CompletableFuture<>();
    background.execute(
        () -> {
          String failure = tryToConsume();
          if (failure != null && persists) {
            tryAgain(1, true, failure);
          }
          first.complete(failure);
        });
    return first;
  }

  private void connect(int attempt, boolean warns) {
    if (needsNoConnection()) {
      return;
    }
    String failure = tryToConsume();
    if (failure != null) {
      tryAgain(attempt, warns, failure);
    }
  }

  /** Why the queue cannot be consumed; null when it is. */
  private @Nullable String tryToConsume() {
    @Nullable OpenConnection open = null;
    try {
      open = settings.connector().connect("worker on " + settings.queue(), cutsHeaders);
      consume(open);
      SafeLog.withoutThrowable(() -> LOGGER.info("consuming {}", settings.queue()));
      return null;
    } catch (Throwable e) { // even without a new thread: nothing else retries
      if (open != null) {
        forget(open);
        open.close(CLOSE_MILLIS);
      }
      return Reasons.of(Streams.explained(settings.queue(), e)).replaceFirst("^IOException: ", "");
    }
  }

  private void tryAgain(int attempt, boolean warns, String failure) {
    lock.lock();
    try {
      if (closed || session != null) {
        return;
      }
      trouble = failure;
    } finally {
      lock.unlock();
    }
    connectLater(attempt + 1, false);
    if (warns) {
      SafeLog.withoutThrowable(
          () -> LOGGER.warn("cannot consume {}, trying again: {}", settings.queue(), failure));
    }
  }

  private void consume(OpenConnection open) throws IOException {
    Topology.ensureQueue(open.connection(), settings.queue());
    Returns.Limit limit = limit(open.connection());
    ConsumerSession fresh =
        new ConsumerSession(settings, limit, open, watchdog, ready, background, this);
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the worker is closed");
      }
      if (session != null) { // one that nobody knows of would consume for ever
        throw new IOException("it is consumed already");
      }
      connection = open;
      session = fresh;
      trouble = null;
    } finally {
      lock.unlock();
    }
    fresh.start();
    try { // from here on the session reports its end
      retryQueues.open(open); // can wait until deliveries are on their way
    } catch (RuntimeException e) {
      LOGGER.debug("the connection is gone, and what is missing is done on the next one", e);
    }
  }

  private Returns.Limit limit(Connection open) throws IOException {
    if (!Topology.isRabbitMq(open)) {
      return new Returns.Limit(settings.maxDeliveries(), survived(), true, false);
    }
    QueueArguments declared = QueueArguments.of(open, settings.queue());
    int most = maxDeliveries(declared.deliveryLimit(Topology.isVersion4(open)));
    boolean counts = !QueueArguments.CLASSIC.equals(declared.type());
    return new Returns.Limit(most, survived(), counts, declared.countsForAllConsumers());
  }

  /** The configured limit, or a lower one if the queue would delete the delivery earlier. */
  private int maxDeliveries(@Nullable Long limit) {
    if (limit == null) {
      return settings.maxDeliveries();
    }
    long belowLimit =
        Math.max(1, limit - Math.max(1, limit / 4)); // leaves room for a retry of a failed parking
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

  /** Whether there is nothing to connect for: the worker is closed, or it consumes. */
  private boolean needsNoConnection() {
    lock.lock();
    try {
      return closed || session != null;
    } finally {
      lock.unlock();
    }
  }

  private int survived() {
    lock.lock();
    try {
      return survived;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void deliveredTooOften(DeliveryInHand one) {
    one.result = Returns.judge(one);
    background.execute(() -> settle.accept(one));
  }

  @Override
  public void lost(ConsumerSession lost, String reason) {
    OpenConnection broken = forget(lost, !isOwnFault(reason));
    if (broken == null) {
      return;
    }
    trouble = reason;
    cutsHeaders |= lost.isUnreadable();
    int attempt = lost.hasProvedItself() ? 1 : lostInARow + 1;
    lostInARow = attempt;
    boolean cancelled = lost.isCancelled(); // once, as the broker may cancel it at any time
    if (!cancelled) {
      connectLater(attempt, true);
    }
    background.execute(
        () -> {
          if (cancelled) { // before the queue is declared anew
            lookWhetherDeleted(lost, broken);
            connectLater(attempt, true);
          }
          whenLost.accept(lost);
          broken.close(CLOSE_MILLIS);
        });
    SafeLog.withoutThrowable(
        () -> LOGGER.warn("no longer consuming {}: {}", settings.queue(), reason));
  }

  private void lookWhetherDeleted(ConsumerSession cancelled, OpenConnection open) {
    try {
      if (!Topology.exists(open.connection(), settings.queue())) {
        cancelled.queueWasDeleted();
      }
    } catch (Throwable e) { // also without memory: it has to connect again
      LOGGER.debug("{} cannot be looked up", settings.queue(), e);
    }
  }

  /**
   * Returns all deliveries by closing the channel, and consumes again once a probe returns true. So
   * the broker counts only one return, however long it takes.
   */
  void pauseUntil(String reason, BooleanSupplier probe) {
    lock.lock();
    ConsumerSession paused = session;
    lock.unlock();
    OpenConnection open = paused == null ? null : forget(paused, true);
    if (paused == null || open == null) {
      return;
    }
    trouble = reason;
    paused.giveBack(
        String.format(
            Locale.ROOT,
            "deliveries were held for %s (holdLimit)",
            Timeouts.text(settings.holdLimit())));
    open.close(CLOSE_MILLIS);
    whenLost.accept(paused);
    probeLater(probe, 1);
    SafeLog.withoutThrowable(
        () ->
            LOGGER.warn(
                "{} is not consumed until this is over: {}. Deliveries were held for {} (holdLimit)"
                    + " and are given back",
                settings.queue(),
                reason,
                Timeouts.text(settings.holdLimit())));
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
            connect(1, true);
          } else if (!needsNoConnection()) {
            probeLater(probe, attempt + 1);
          }
        });
  }

  private static long pause(int attempt) {
    return Math.min(LONGEST_RECONNECT_MILLIS, FIRST_RECONNECT_MILLIS << Math.min(attempt - 1, 10));
  }

  private void connectLater(int attempt, boolean warns) {
    background.later(pause(attempt), () -> connect(attempt, warns));
  }

  /** RabbitMQ closes a channel over a delivery whose handler never ends. */
  private static boolean isOwnFault(String reason) {
    return reason.contains("acknowledgement") && reason.contains("timed out");
  }

  /** Non-null for one caller only: the others must not make a second consumer. */
  private @Nullable OpenConnection forget(ConsumerSession lost, boolean excusesItsDeliveries) {
    lock.lock();
    try {
      if (closed || session != lost) {
        return null;
      }
      OpenConnection open = connection;
      session.end();
      session = null;
      connection = null;
      survived += excusesItsDeliveries ? 1 : 0;
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

  /** Why the worker consumes nothing at the moment; null if it consumes. */
  @Nullable String trouble() {
    return trouble;
  }

  /**
   * Connects no more. Does not cancel the consumer: on a queue with a single active consumer the
   * next one would get later deliveries before those returned at the end.
   */
  void stop() {
    lock.lock();
    closed = true;
    lock.unlock();
  }

  /** Closes the connection, which returns unsettled deliveries; takes two seconds at most. */
  void close() {
    lock.lock();
    OpenConnection open = connection;
    if (session != null) {
      session.giveBack("the worker was closed");
      session.end();
    }
    lock.unlock();
    if (open != null) {
      open.close(CLOSE_MILLIS);
    }
  }
}
