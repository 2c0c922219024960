package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves deliveries of one delay back to the worker's queue when they are due. It watches its own
 * queue: when the consumer or the channel is gone, it says so and begins again.
 *
 * <p>What waits here goes back to the broker whenever the connection ends, at which a quorum queue
 * counts and may delete in the end. So a message that was returned twice is put anew at the end of
 * the queue, which ends the count.
 */
final class RetryQueue {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  /** How many messages of a delay are held in memory, waiting for their time. */
  private static final int PREFETCH = 10;

  private static final long RETURNS_ALLOWED = 2;
  private static final long FIRST_AGAIN_MILLIS = 100;
  private static final long LONGEST_AGAIN_MILLIS = 10_000;

  private final String name;
  private final Duration delay;
  private final WorkerSettings settings;
  private final Function<List<Move>, List<Outcome>> move;
  private final Declaration declaration;
  private final Background background;
  private final Watchdog watchdog;
  private volatile @Nullable String trouble;
  private volatile @Nullable Waiting current;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OpenConnection wanted; // guarded by the lock, as the next one
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
    this.delay = delay;
    this.settings = settings;
    this.move = move;
    this.declaration = declaration;
    this.background = background;
    this.watchdog = watchdog;
    this.trouble = name + " is not looked up yet";
  }

  /** Begins on this connection; what cannot be done now is tried again as long as it is open. */
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
      Waiting waiting = new Waiting(open, channel);
      if (!begin(waiting)) {
        abort(channel);
        return;
      }
      channel.basicConsume(name, false, "", false, false, Streams.REFUSED, waiting);
      trouble = null;
    } catch (Throwable e) { // also no memory, say: nobody else tries again
      if (!endOn(open)) {
        abort(channel);
        return;
      }
      String reason = Reasons.of(Streams.explained(name, e));
      if (failures == 0 && open.connection().isOpen()) {
        LOGGER.warn("Cannot move back what is due in {}, trying again: {}", name, reason);
      }
      trouble = name + " cannot be used: " + reason;
      abort(channel);
      again(failures, () -> open(open, failures + 1));
    }
  }

  /** False when another connection is wanted by now, or it was begun on this one. */
  private boolean begin(Waiting waiting) {
    lock.lock();
    try {
      Waiting other = current;
      if (wanted != waiting.open || other != null && other.open == waiting.open) {
        return false;
      }
      current = waiting;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** False when another connection is wanted by now. */
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

  private static long earlier(long one, long other) { // of System.nanoTime()
    return one - other <= 0 ? one : other;
  }

  private void reopenIn(long millis, OpenConnection open) {
    lock.lock();
    try {
      if (!closed && wanted == open) {
        reopening = background.later(Math.max(0, millis), () -> open(open, 0));
      }
    } finally {
      lock.unlock();
    }
  }

  private void again(int failures, Runnable task) {
    background.later(
        Math.min(LONGEST_AGAIN_MILLIS, FIRST_AGAIN_MILLIS << Math.min(failures, 10)), task);
  }

  /** Why nothing is moved back; null when all is well. */
  @Nullable String trouble() {
    return trouble;
  }

  void close() {
    closed = true;
  }

  /** A message that waits, and where it goes then. */
  private record Waiter(
      long tag, BasicProperties properties, byte[] body, long dueNanos, String target) {}

  private final class Waiting extends DefaultConsumer {

    private final OpenConnection open;
    private final Acknowledgements acknowledgements;
    private final List<Waiter> waiters = new ArrayList<>(); // guarded by itself
    private boolean moving; // guarded by the list, as the next ones
    private boolean ended;
    private boolean takesNoMore;
    private long comesBackNanos;
    private @Nullable Future<?> timer;
    private long timerNanos;
    private int failures;

    Waiting(OpenConnection open, Channel channel) {
      super(channel);
      this.open = open;
      this.acknowledgements = new Acknowledgements(open, channel, watchdog);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      try {
        take(envelope.getDeliveryTag(), properties, body);
      } catch (Throwable e) { // no memory, say; the end of the channel gives it back
        lost("a message could not be taken: " + Described.of(e));
      }
    }

    private void take(long tag, BasicProperties properties, byte[] body) {
      Map<String, Object> headers = Failure.headersOf(properties);
      long millis = Failure.millisUntilDue(headers, settings.queue(), delay);
      if (millis > 0 && settings.holdLimit().compareTo(Duration.ofMillis(millis)) < 0) {
        comeBackIn(millis);
        return; // the end of the channel gives it back
      }
      boolean anew = millis > 0 && Failure.deliveries(headers) >= RETURNS_ALLOWED;
      long due = System.nanoTime() + (anew ? 0 : TimeUnit.MILLISECONDS.toNanos(millis));
      String target = anew ? name : settings.queue();
      synchronized (waiters) {
        if (!ended && !takesNoMore) {
          waiters.add(new Waiter(tag, properties, body, due, target));
          wakeAt(due);
        }
      }
    }

    /** One timer for all that wait, so that none is left over when the channel ends. */
    private void wakeAt(long due) {
      if (timer != null && timerNanos - due <= 0) {
        return;
      }
      if (timer != null) {
        timer.cancel(false);
      }
      timerNanos = due;
      long nanos = Math.max(0, due - System.nanoTime());
      timer = background.later(TimeUnit.NANOSECONDS.toMillis(nanos + 999_999), this::wake);
    }

    private void wake() {
      synchronized (waiters) {
        timer = null;
      }
      moveDue();
    }

    /**
     * This one is not due within the time that a delivery may be held, so none behind it is. Those
     * before it are moved first: to end the channel now would lose their acknowledgements.
     */
    private void comeBackIn(long millis) {
      synchronized (waiters) {
        if (!takesNoMore) {
          takesNoMore = true;
          comesBackNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        }
      }
      comeBackWhenAllAreMoved();
    }

    private void comeBackWhenAllAreMoved() {
      synchronized (waiters) {
        if (!takesNoMore || moving || !waiters.isEmpty()) {
          return;
        }
      }
      if (forget()) {
        end();
        abort(getChannel());
        reopenIn(TimeUnit.NANOSECONDS.toMillis(comesBackNanos - System.nanoTime()), open);
      }
    }

    private boolean forget() {
      lock.lock();
      try {
        if (current != this) {
          return false;
        }
        current = null;
        return true;
      } finally {
        lock.unlock();
      }
    }

    private void moveDue() {
      try {
        moveAllDue();
      } catch (Throwable e) {
        lost("messages could not be moved back: " + Described.of(e));
      }
    }

    private void moveAllDue() {
      List<Waiter> due = takeDue();
      while (!due.isEmpty()) {
        List<Waiter> left = move(due);
        synchronized (waiters) {
          moving = false;
          if (!ended) {
            waiters.addAll(0, left);
          }
        }
        if (!left.isEmpty()) {
          again(failures++, this::moveDue);
          return;
        }
        failures = 0;
        due = takeDue();
      }
      comeBackWhenAllAreMoved();
    }

    private List<Waiter> takeDue() {
      synchronized (waiters) {
        if (moving || ended || !getChannel().isOpen()) { // the broker has them back
          return List.of();
        }
        long now = System.nanoTime();
        List<Waiter> due = waiters.stream().filter(one -> one.dueNanos() - now <= 0).toList();
        waiters.removeAll(due);
        moving = !due.isEmpty();
        if (!moving && !waiters.isEmpty()) {
          wakeAt(
              waiters.stream().mapToLong(Waiter::dueNanos).reduce(RetryQueue::earlier).orElse(now));
        }
        return due;
      }
    }

    /** Returns those that could not be moved. */
    private List<Waiter> move(List<Waiter> due) {
      List<Outcome> outcomes =
          move.apply(
              due.stream()
                  .map(one -> new Move(one.target(), one.properties(), one.body()))
                  .toList());
      List<Waiter> left = new ArrayList<>();
      List<Waiter> moved = new ArrayList<>();
      for (int i = 0; i < due.size(); i++) {
        (outcomes.get(i).isConfirmed() ? moved : left).add(due.get(i));
      }
      if (!left.isEmpty()) {
        String reason = outcomes.get(due.indexOf(left.get(0))).toString();
        trouble = "deliveries of " + name + " cannot be moved back: " + reason;
        LOGGER.warn("{} deliveries of {} cannot be retried yet: {}", left.size(), name, reason);
      } else {
        trouble = null;
      }
      try {
        acknowledgements.settle(window -> moved.forEach(one -> window.ack(one.tag())));
      } catch (IOException | ShutdownSignalException e) {
        LOGGER.debug("{} messages of {} will be moved twice", moved.size(), name, e);
      }
      return left;
    }

    /** The queue was deleted, or its node is gone (RabbitMQ, "Consumer Cancellation"). */
    @Override
    public void handleCancel(String consumerTag) {
      lost("the broker cancelled the consumer");
    }

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
      end();
      if (!cause.isHardError()) { // also "by the application": the client does so in our name
        lost(Reasons.of(cause)); // the channel alone: with the connection the worker begins anew
      }
    }

    /** The broker has back what waits here, so nobody needs its bodies. */
    private void end() {
      synchronized (waiters) {
        ended = true;
        waiters.clear();
        if (timer != null) {
          timer.cancel(false);
          timer = null;
        }
      }
    }

    private void lost(String reason) {
      background.execute(
          () -> {
            end();
            if (forget() && !closed) {
              trouble = name + " is not consumed: " + reason;
              LOGGER.warn("No longer moving back what is due in {}: {}", name, reason);
              abort(getChannel());
              again(0, () -> open(open, 0));
            }
          });
    }
  }
}
