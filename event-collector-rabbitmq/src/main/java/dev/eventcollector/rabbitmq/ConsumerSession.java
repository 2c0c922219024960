package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MalformedFrameException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes the worker's queue on one channel while that is open. The broker redelivers the
 * deliveries of a lost channel, so they no longer belong to this session.
 *
 * <p>Further consumers on the same channel raise the prefetch and keep the order of the queue.
 * RabbitMQ applies {@code basic.qos} to new consumers only, and cancelling one would give up its
 * turn on a queue with a single active consumer. On such a queue a further consumer waits and does
 * no harm.
 *
 * <p>When a process dies, a quorum queue counts that against everything in its prefetch. So the
 * first consumer of such a queue takes only what the handlers take at once; the rest of the
 * prefetch comes once a delivery was handled, and goes while a delivery is here that may have ended
 * its process. So the count of a delivery that no handler saw stays low, however large the
 * prefetch.
 */
final class ConsumerSession {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);
  private static final int MAX_FURTHER_CONSUMERS = 4;
  private static final long PROVED_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final WorkerSettings settings;
  private final Returns.Limit limit;
  private final ReadyDeliveries ready;
  private final Background background;
  private final Worker worker;
  private final Channel channel;
  private final Acknowledgements acknowledgements;
  private final AdaptivePrefetch prefetch;
  private final AtomicBoolean adapting = new AtomicBoolean();

  /** Deliveries that may have ended their process, and that the handler has not survived yet. */
  private final AtomicInteger suspects = new AtomicInteger();

  private final int least;
  private volatile boolean unreadable;
  private final Deque<Further> further = new ArrayDeque<>(); // by the adapting thread
  private final long beganNanos = System.nanoTime();
  private volatile boolean settled;
  private volatile boolean lost;
  private volatile boolean givenBack;
  private volatile boolean cancelled;
  private volatile boolean queueDeleted;
  private volatile @Nullable String endedBecause;

  /** The owner of the session, which gets its news. */
  interface Worker {

    /** The session is over, and unsettled deliveries are back with the broker. */
    void lost(ConsumerSession session, String reason);

    /** The delivery came too often without success, so it is moved before it is handled. */
    void deliveredTooOften(DeliveryInHand one);
  }

  /** A consumer besides the first, and its share of the prefetch. */
  private record Further(String tag, int prefetch) {}

  ConsumerSession(
      WorkerSettings settings,
      Returns.Limit limit,
      OpenConnection open,
      Watchdog watchdog,
      ReadyDeliveries ready,
      Background background,
      Worker worker)
      throws IOException {
    this.settings = settings;
    this.limit = limit;
    this.ready = ready;
    this.background = background;
    this.worker = worker;
    Channel fresh = open.connection().createChannel();
    if (fresh == null) {
      throw new IOException("the connection has no channel left");
    }
    this.channel = fresh;
    this.acknowledgements = new Acknowledgements(open, fresh, watchdog);
    int usual = settings.firstPrefetch();
    this.least = limit.countsAll() ? Math.min(settings.concurrency(), usual) : usual;
    this.prefetch = new AdaptivePrefetch(settings.concurrency(), usual, settings.maxPrefetch());
    this.prefetch.became(least);
  }

  /** Begins to consume. Only a session that has begun reports its end. */
  void start() throws IOException {
    consume(prefetch.current());
    channel.addShutdownListener( // called even if it is down by now
        cause -> { // even if "the application" closed it: the client does so in our name
          if (!lost) {
            unreadable = Described.find(cause, MalformedFrameException.class) != null;
            worker.lost(this, Reasons.of(cause));
          }
        });
  }

  private String consume(int count) throws IOException {
    channel.basicQos(count);
    return channel.basicConsume(
        settings.queue(), false, "", false, false, Streams.REFUSED, new Deliveries(channel));
  }

  private final class Deliveries extends DefaultConsumer {

    Deliveries(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, BasicProperties properties, byte[] body) {
      try {
        DeliveryInHand one =
            new DeliveryInHand(ConsumerSession.this, envelope, settings.queue(), properties, body);
        if (Returns.tooMany(one)) {
          worker.deliveredTooOften(one); // now: at its limit the queue may delete it
        } else {
          suspect(one);
          ready.add(one);
        }
      } catch (Throwable e) { // for example no memory; the end of the channel returns it
        fail("a delivery could not be taken: " + Described.of(e));
      }
    }

    @Override
    public void handleCancel(String tag) {
      cancelledByBroker();
    }
  }

  /** The queue was deleted, or its node is gone (RabbitMQ, "Consumer Cancellation"). */
  void cancelledByBroker() {
    String reason = "the broker cancelled the consumer";
    cancelled = true;
    endedBecause = reason;
    worker.lost(this, reason);
  }

  /** Settles deliveries of this channel, like {@link Acknowledgements#settle}. */
  void settle(Consumer<AckWindow> what) throws IOException {
    acknowledgements.settle(what);
    settled = true;
  }

  /** Whether it has worked: it settled a delivery, or lived for a while. */
  boolean hasProvedItself() {
    return settled || System.nanoTime() - beganNanos > PROVED_NANOS;
  }

  /** Ends the session, so that the broker redelivers its deliveries. */
  void fail(String reason) {
    worker.lost(this, reason);
  }

  private void suspect(DeliveryInHand one) {
    if (limit.countsAll() && Returns.hasUnexplained(one)) {
      one.suspect = true;
      suspects.incrementAndGet();
      if (prefetch.current() > least) {
        become(least);
      }
    }
  }

  /** The handler has survived this delivery. Adapts the prefetch to it, up to what was set. */
  void worked(DeliveryInHand one, long nanos) {
    if (one.suspect) {
      one.suspect = false;
      suspects.decrementAndGet();
    }
    int usual = settings.firstPrefetch();
    int wanted =
        settings.prefetch() > 0 ? 0 : prefetch.handled(nanos, one.delivery.sharedBody().length);
    if (suspects.get() == 0) {
      wanted = prefetch.current() < usual ? Math.max(usual, wanted) : wanted;
      if (wanted > 0
          && !ready.isClosed()) { // otherwise the rest would be fetched only to be returned
        become(wanted);
      }
    }
  }

  private void become(int wanted) {
    if (!lost && adapting.compareAndSet(false, true)) {
      background.execute(() -> adapt(wanted));
    }
  }

  private void adapt(int wanted) {
    int current = prefetch.current();
    try {
      while (!further.isEmpty()
          && wanted < current
          && wanted <= current - further.peek().prefetch()) {
        Further last = further.pop();
        channel.basicCancel(last.tag());
        current -= last.prefetch();
      }
      boolean more = wanted >= 1.5 * current || current < settings.firstPrefetch();
      if (wanted > current && more && further.size() < MAX_FURTHER_CONSUMERS) {
        further.push(new Further(consume(wanted - current), wanted - current));
        current = wanted;
      }
      prefetch.became(current);
      LOGGER.debug("prefetch of {} is {} now", settings.queue(), current);
    } catch (IOException | ShutdownSignalException e) {
      LOGGER.debug("the channel is gone, so its prefetch stays", e);
      return; // and stays as it is
    } finally {
      adapting.set(false);
    }
    if (suspects.get() > 0 && current > least) { // one came meanwhile
      become(least);
    }
  }

  /** The limit of unsuccessful deliveries on this queue. */
  Returns.Limit limit() {
    return limit;
  }

  boolean isLost() {
    return lost;
  }

  /** Whether it was lost over a message that the client could not read. */
  boolean isUnreadable() {
    return unreadable;
  }

  /** Whether the broker cancelled the consumer, so that the queue may be gone. */
  boolean isCancelled() {
    return cancelled;
  }

  /** The queue was deleted, and its deliveries with it: none comes again. */
  void queueWasDeleted() {
    endedBecause = String.format(Locale.ROOT, "queue %s was deleted", settings.queue());
    queueDeleted = true;
  }

  boolean isQueueDeleted() {
    return queueDeleted;
  }

  /** This worker gives the deliveries back, so that the broker certainly redelivers them. */
  void giveBack(String reason) {
    endedBecause = reason;
    givenBack = true;
  }

  boolean isGivenBack() {
    return givenBack;
  }

  /** Why its deliveries are no longer here. */
  String endedBecause() {
    String known = endedBecause;
    return known == null ? "the connection was lost" : known;
  }

  /** Whether its end has a cause other than a lost connection. */
  boolean hasEndedOtherwise() {
    return endedBecause != null;
  }

  /** Ends it: unacknowledged deliveries are back with the broker. */
  void end() {
    lost = true;
  }
}
