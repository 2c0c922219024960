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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of a {@link RetryQueue} that wait for their time on one channel. It moves due
 * messages.
 *
 * <p>Waiting messages go back to the broker when the channel ends. A quorum queue counts this and
 * may delete them in the end. So a message that was returned twice is republished, which ends the
 * count.
 */
final class WaitingMessages extends DefaultConsumer {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);
  private static final long RETURNS_ALLOWED = 2;

  /** The queue of the waiting messages, and the means to move them. */
  record Place(
      String name,
      Duration delay,
      WorkerSettings settings,
      Function<List<Move>, List<Outcome>> move,
      Background background) {}

  /** Its owner. */
  interface Owner {

    /** Why messages cannot be moved; null if they can. */
    void says(@Nullable String trouble);

    /** The channel is over. */
    void lost(WaitingMessages waiting, String reason);

    /** The first message is not due for this long, and none waits before it. */
    void comesBackIn(long millis, WaitingMessages waiting);
  }

  /** A waiting message, and its target queue. */
  private record Waiter(
      long tag, BasicProperties properties, byte[] body, long dueNanos, String target) {}

  private final Place place;
  private final Owner owner;
  private final OpenConnection open;
  private final Acknowledgements acknowledgements;
  private final List<Waiter> waiters = new ArrayList<>(); // guarded by itself
  private boolean moving; // guarded by the list, like the next fields
  private boolean ended;
  private boolean takesNoMore;
  private long comesBackNanos;
  private @Nullable Future<?> timer;
  private long timerNanos;
  private int failures;

  WaitingMessages(
      Place place, Owner owner, OpenConnection open, Channel channel, Watchdog watchdog) {
    super(channel);
    this.place = place;
    this.owner = owner;
    this.open = open;
    this.acknowledgements = new Acknowledgements(open, channel, watchdog);
  }

  /** The connection that it waits on. */
  OpenConnection open() {
    return open;
  }

  @Override
  public void handleDelivery(
      String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
    try {
      take(envelope.getDeliveryTag(), properties, body);
    } catch (Throwable e) { // for example no memory; the end of the channel returns it
      owner.lost(this, "a message could not be taken: " + Described.of(e));
    }
  }

  private void take(long tag, BasicProperties properties, byte[] body) {
    Map<String, Object> headers = Failure.headersOf(properties);
    long millis = Failure.millisUntilDue(headers, place.settings().queue(), place.delay());
    if (millis > 0 && place.settings().holdLimit().compareTo(Duration.ofMillis(millis)) < 0) {
      comeBackIn(millis);
      return; // the end of the channel returns it
    }
    boolean anew = millis > 0 && Failure.deliveries(headers) >= RETURNS_ALLOWED;
    long due = System.nanoTime() + (anew ? 0 : TimeUnit.MILLISECONDS.toNanos(millis));
    String target = anew ? place.name() : place.settings().queue();
    synchronized (waiters) {
      if (!ended && !takesNoMore) {
        waiters.add(new Waiter(tag, properties, body, due, target));
        wakeAt(due);
      }
    }
  }

  private static long earlier(long one, long other) { // of System.nanoTime()
    return one - other <= 0 ? one : other;
  }

  /** One timer for all waiting messages, so that none is left over when the channel ends. */
  private void wakeAt(long due) {
    if (timer != null && timerNanos - due <= 0) {
      return;
    }
    if (timer != null) {
      timer.cancel(false);
    }
    timerNanos = due;
    long nanos = Math.max(0, due - System.nanoTime());
    timer = place.background().later(TimeUnit.NANOSECONDS.toMillis(nanos + 999_999), this::wake);
  }

  private void wake() {
    synchronized (waiters) {
      timer = null;
    }
    moveDue();
  }

  /**
   * This message is not due within the longest holding time, so none behind it is. Messages before
   * it are moved first: ending the channel now would lose their acknowledgements.
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
    owner.comesBackIn(
        Math.max(0, TimeUnit.NANOSECONDS.toMillis(comesBackNanos - System.nanoTime())), this);
  }

  private void moveDue() {
    try {
      moveAllDue();
    } catch (Throwable e) {
      owner.lost(this, "messages could not be moved back: " + Described.of(e));
    }
  }

  private void moveAllDue() {
    List<Waiter> due = takeDue();
    while (!due.isEmpty()) {
      List<Waiter> left = move(due);
      synchronized (waiters) {
        moving = false;
        waiters.notifyAll();
        if (!ended) {
          waiters.addAll(0, left);
        }
      }
      if (!left.isEmpty()) {
        place.background().later(RetryQueue.pause(failures++), this::moveDue);
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
            waiters.stream()
                .mapToLong(Waiter::dueNanos)
                .reduce(WaitingMessages::earlier)
                .orElse(now));
      }
      return due;
    }
  }

  /** Returns the messages that could not be moved. */
  private List<Waiter> move(List<Waiter> due) {
    List<Outcome> outcomes =
        place
            .move()
            .apply(
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
      owner.says("deliveries of " + place.name() + " cannot be moved back: " + reason);
      LOGGER.warn(
          "{} deliveries of {} cannot be retried yet: {}", left.size(), place.name(), reason);
    } else {
      owner.says(null);
    }
    try {
      acknowledgements.settle(window -> moved.forEach(one -> window.ack(one.tag())));
    } catch (IOException | ShutdownSignalException e) {
      LOGGER.debug("{} messages of {} will be moved twice", moved.size(), place.name(), e);
    }
    return left;
  }

  /** The queue was deleted, or its node is gone (RabbitMQ, "Consumer Cancellation"). */
  @Override
  public void handleCancel(String consumerTag) {
    owner.lost(this, "the broker cancelled the consumer");
  }

  @Override
  public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
    end();
    if (!cause.isHardError()) { // even "by the application": the client does so in our name
      owner.lost(
          this, Reasons.of(cause)); // the channel alone: without a connection the worker restarts
    }
  }

  /**
   * Moves no more, and waits for a move in progress: if the channel ended between its confirm and
   * its acknowledgement, the message would exist twice.
   */
  void stop(long deadline) throws InterruptedException {
    end();
    synchronized (waiters) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      while (moving && millis > 0) {
        waiters.wait(millis);
        millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    }
  }

  /** The waiting messages are back with the broker, so their bodies are not needed. */
  void end() {
    synchronized (waiters) {
      ended = true;
      waiters.clear();
      if (timer != null) {
        timer.cancel(false);
        timer = null;
      }
    }
  }
}
