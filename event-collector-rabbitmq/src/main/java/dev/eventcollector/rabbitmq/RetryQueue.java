package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.Channel;
import dev.eventcollector.Outcome;
import dev.eventcollector.internal.SafeLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves deliveries of one delay back to the worker's queue when they are due. It watches its own
 * queue: if the consumer or the channel is lost, it reports this and begins again.
 */
final class RetryQueue implements WaitingMessages.Owner {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  /** The number of messages of a delay that wait in memory for their time. */
  private static final int PREFETCH = 10;

  private static final long FIRST_AGAIN_MILLIS = 100;
  private static final long LONGEST_AGAIN_MILLIS = 10_000;

  private final String name;
  private final WaitingMessages.Place place;
  private final Declaration declaration;
  private final Background background;
  private final Watchdog watchdog;
  private volatile @Nullable String trouble;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable WaitingMessages current; // guarded by the lock, like the next fields
  private @Nullable OpenConnection wanted;
  private @Nullable Future<?> reopening;
  private volatile boolean closed;

  /** Makes sure that a queue exists. */
  @FunctionalInterface
  interface Declaration {
    void ensure(OpenConnection open, String queue) throws IOException;
  }

  RetryQueue(
      String name,
      Duration delay,
      WorkerSettings settings,
      Function<List<Move>, List<Outcome>> move,
      Declaration declaration,
      Background background,
      Watchdog watchdog) {
    this.name = name;
    this.place = new WaitingMessages.Place(name, delay, settings, move, background);
    this.declaration = declaration;
    this.background = background;
    this.watchdog = watchdog;
    this.trouble = name + " is not looked up yet";
  }

  /** Begins on this connection, and retries failed steps while it is open. */
  void open(OpenConnection open) {
    lock.lock();
    try {
      wanted = open;
      if (reopening != null) {
        reopening.cancel(false); // it is for an earlier connection
        reopening = null;
      }
    } finally {
      lock.unlock();
    }
    open(open, 0);
  }

  private void open(OpenConnection open, int failures) {
    if (closed || !open.connection().isOpen()) {
      return;
    }
    @Nullable Channel channel = null;
    try {
      declaration.ensure(open, name);
      channel = open.connection().createChannel();
      if (channel == null) {
        throw new IOException("the connection has no channel left");
      }
      channel.basicQos(PREFETCH);
      WaitingMessages waiting = new WaitingMessages(place, this, open, channel, watchdog);
      if (!begin(waiting)) {
        abort(channel);
        return;
      }
      channel.basicConsume(name, false, "", false, false, Streams.REFUSED, waiting);
      trouble = null;
    } catch (Throwable e) { // even without memory: nothing else retries
      if (!endOn(open)) {
        abort(channel);
        return;
      }
      String reason = Reasons.of(Streams.explained(name, e));
      trouble = name + " cannot be used: " + reason;
      abort(channel);
      background.later(pause(failures), () -> open(open, failures + 1));
      if (failures == 0 && open.connection().isOpen()) {
        SafeLog.withoutThrowable(
            () ->
                LOGGER.warn(
                    "Due deliveries of {} cannot be moved back, trying again: {}", name, reason));
      }
    }
  }

  /** False if another connection is wanted by now, or it already began on this one. */
  private boolean begin(WaitingMessages waiting) {
    lock.lock();
    try {
      WaitingMessages other = current;
      if (wanted != waiting.open() || other != null && other.open() == waiting.open()) {
        return false;
      }
      current = waiting;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** False if another connection is wanted by now. */
  private boolean endOn(OpenConnection open) {
    lock.lock();
    try {
      if (wanted != open) {
        return false;
      }
      current = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void abort(@Nullable Channel channel) {
    if (channel != null) {
      background.execute(
          () -> {
            try {
              channel.abort();
            } catch (IOException | RuntimeException e) {
              LOGGER.debug("the channel is gone already", e);
            }
          });
    }
  }

  @Override
  public void comesBackIn(long millis, WaitingMessages waiting) {
    if (!forget(waiting)) {
      return;
    }
    waiting.end();
    abort(waiting.getChannel());
    lock.lock();
    try {
      if (!closed && wanted == waiting.open()) {
        reopening = background.later(millis, () -> open(waiting.open(), 0));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void lost(WaitingMessages waiting, String reason) {
    background.execute(
        () -> {
          waiting.end();
          if (forget(waiting) && !closed) {
            trouble = name + " is not consumed: " + reason;
            abort(waiting.getChannel());
            background.later(pause(0), () -> open(waiting.open(), 0));
            SafeLog.withoutThrowable(
                () ->
                    LOGGER.warn("Due deliveries of {} are no longer moved back: {}", name, reason));
          }
        });
  }

  private boolean forget(WaitingMessages waiting) {
    lock.lock();
    try {
      if (current != waiting) {
        return false;
      }
      current = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void says(@Nullable String value) {
    trouble = value;
  }

  /** Milliseconds before a retry. */
  static long pause(int failures) {
    return Math.min(LONGEST_AGAIN_MILLIS, FIRST_AGAIN_MILLIS << Math.min(failures, 10));
  }

  /** Why no messages are moved back; null if all is well. */
  @Nullable String trouble() {
    return trouble;
  }

  /** Moves no more; waits until moves in progress are done, or the deadline has passed. */
  void close(long deadline) throws InterruptedException {
    closed = true;
    lock.lock();
    WaitingMessages waiting = current;
    lock.unlock();
    if (waiting != null) {
      waiting.stop(deadline);
    }
  }
}
