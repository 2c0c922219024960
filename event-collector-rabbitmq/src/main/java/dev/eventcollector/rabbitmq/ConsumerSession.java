package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes the worker's queue on one channel, for as long as that lives. Deliveries of a channel
 * that is gone come again, so they are nobody's any more.
 *
 * <p>The prefetch grows by further consumers on the same channel, which keeps the order of the
 * queue: RabbitMQ applies {@code basic.qos} to new consumers only, and to cancel one would hand its
 * turn on a queue with a single active consumer to somebody else. On such a queue a further
 * consumer waits and does no harm.
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
  private final Deque<Further> further = new ArrayDeque<>(); // by the one that adapts
  private final long beganNanos = System.nanoTime();
  private volatile boolean settled;
  private volatile boolean lost;

  /** The owner of the session, which is told about it. */
  interface Worker {

    /** The session is over, and the broker has back what is not settled. */
    void lost(ConsumerSession session, String reason);

    /** This one was delivered in vain so often that it is moved before it is handled. */
    void deliveredTooOften(DeliveryInHand one);
  }

  /** A consumer beside the first, and by how much it raises the prefetch. */
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
    this.prefetch =
        new AdaptivePrefetch(
            settings.concurrency(), settings.firstPrefetch(), settings.maxPrefetch());
  }

  /** Begins to consume. Only a session that has begun tells when it is over. */
  void start() throws IOException {
    consume(prefetch.current());
    channel.addShutdownListener( // also called when it is down by now
        cause -> { // also when "the application" closed it: the client does so in our name
          if (!lost) {
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
          ready.add(one);
        }
      } catch (Throwable e) { // no memory, say; the end of the channel gives it back
        fail("a delivery could not be taken: " + Described.of(e));
      }
    }

    /** The queue was deleted, or its node is gone (RabbitMQ, "Consumer Cancellation"). */
    @Override
    public void handleCancel(String tag) {
      worker.lost(ConsumerSession.this, "the broker cancelled the consumer");
    }
  }

  /** Settles deliveries of this channel, as {@link Acknowledgements#settle}. */
  void settle(Consumer<AckWindow> what) throws IOException {
    acknowledgements.settle(what);
    settled = true;
  }

  /** Whether it has done its work: it settled something, or lived for a while. */
  boolean hasProvedItself() {
    return settled || System.nanoTime() - beganNanos > PROVED_NANOS;
  }

  /** Ends the session, so that the broker gives out again what it has delivered. */
  void fail(String reason) {
    worker.lost(this, reason);
  }

  /** A delivery was handled, from which the prefetch is adapted unless the user has set it. */
  void worked(long nanos, int bytes) {
    if (settings.prefetch() > 0) {
      return;
    }
    int wanted = prefetch.handled(nanos, bytes);
    if (wanted > 0 && !lost && adapting.compareAndSet(false, true)) {
      background.execute(() -> adapt(wanted));
    }
  }

  private void adapt(int wanted) {
    int current = prefetch.current();
    try {
      while (!further.isEmpty()
          && wanted < current
          && wanted <= current - further.peek().prefetch()) {
        Further least = further.pop();
        channel.basicCancel(least.tag());
        current -= least.prefetch();
      }
      if (wanted >= 1.5 * current && further.size() < MAX_FURTHER_CONSUMERS) {
        further.push(new Further(consume(wanted - current), wanted - current));
        current = wanted;
      }
      prefetch.became(current);
      LOGGER.debug("prefetch of {} is {} now", settings.queue(), current);
    } catch (IOException | ShutdownSignalException e) {
      LOGGER.debug("the channel is gone, so its prefetch stays", e);
    } finally {
      adapting.set(false);
    }
  }

  /** How many deliveries in vain are too many on this queue. */
  Returns.Limit limit() {
    return limit;
  }

  boolean isLost() {
    return lost;
  }

  /** What is not acknowledged by now, the broker has back. */
  void end() {
    lost = true;
  }
}
