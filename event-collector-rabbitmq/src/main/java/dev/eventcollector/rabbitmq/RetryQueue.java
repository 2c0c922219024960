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
import java.util.concurrent.TimeUnit;
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
    open(open, 0);
  }

  private synchronized void open(OpenConnection open, int failures) {
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
      current = waiting;
      channel.basicConsume(name, false, "", false, false, Streams.REFUSED, waiting);
      trouble = null;
    } catch (IOException | RuntimeException e) {
      String reason = Reasons.of(Streams.explained(name, e));
      if (failures == 0 && open.connection().isOpen()) {
        LOGGER.warn("Cannot move back what is due in {}, trying again: {}", name, reason);
      }
      trouble = name + " cannot be used: " + reason;
      abort(channel);
      again(failures, () -> open(open, failures + 1));
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
    private boolean moving; // guarded by the list
    private int failures;

    Waiting(OpenConnection open, Channel channel) {
      super(channel);
      this.open = open;
      this.acknowledgements = new Acknowledgements(open, channel, watchdog);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      Map<String, Object> headers = Failure.headersOf(properties);
      long millis = Failure.millisUntilDue(headers, delay);
      if (millis > 0 && settings.holdLimit().compareTo(Duration.ofMillis(millis)) < 0) {
        comeBackIn(millis);
        return;
      }
      boolean anew = millis > 0 && Failure.deliveries(headers) >= RETURNS_ALLOWED;
      long due = System.nanoTime() + (anew ? 0 : TimeUnit.MILLISECONDS.toNanos(millis));
      String target = anew ? name : settings.queue();
      synchronized (waiters) {
        waiters.add(new Waiter(envelope.getDeliveryTag(), properties, body, due, target));
      }
      background.later(anew ? 0 : millis, this::moveDue);
    }

    /** The first is not due within the time that a delivery may be held, so none is. */
    private void comeBackIn(long millis) {
      if (forget()) {
        abort(getChannel());
        background.later(millis, () -> open(open, 0));
      }
    }

    private boolean forget() {
      synchronized (RetryQueue.this) {
        if (current != this) {
          return false;
        }
        current = null;
        return true;
      }
    }

    private void moveDue() {
      List<Waiter> due = takeDue();
      while (!due.isEmpty()) {
        List<Waiter> left = move(due);
        synchronized (waiters) {
          moving = false;
          waiters.addAll(0, left);
        }
        if (!left.isEmpty()) {
          again(failures++, this::moveDue);
          return;
        }
        failures = 0;
        due = takeDue();
      }
    }

    private List<Waiter> takeDue() {
      synchronized (waiters) {
        if (moving || !getChannel().isOpen()) { // the broker has them back
          return List.of();
        }
        long now = System.nanoTime();
        List<Waiter> due = waiters.stream().filter(one -> one.dueNanos() - now <= 0).toList();
        waiters.removeAll(due);
        moving = !due.isEmpty();
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
      if (!cause.isInitiatedByApplication() && !cause.isHardError()) {
        lost(Reasons.of(cause)); // the channel alone: with the connection the worker begins anew
      }
    }

    private void lost(String reason) {
      background.execute(
          () -> {
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
