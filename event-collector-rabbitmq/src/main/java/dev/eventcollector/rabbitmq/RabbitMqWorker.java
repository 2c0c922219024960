package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes a queue. Every delivery is a unit of work of its own: the handler runs, the events it
 * enqueued are published, the broker confirms them, and only then is the delivery acknowledged. One
 * that failed is retried after growing delays and parked at last in a queue of dead deliveries.
 *
 * <pre>{@code
 * try (var worker = RabbitMqWorker.builder()
 *         .uri("amqp://user:password@host/vhost")
 *         .queue("orders")
 *         .handler((delivery, events) -> events.enqueueEvent(ship(delivery.body()), "shipments"))
 *         .start()) {
 *   awaitShutdown();
 * }
 * }</pre>
 *
 * <p>A delivery can come more than once, also after it was completed, when the connection is lost
 * before the acknowledgement arrives; see {@link RabbitMqWorkerBuilder#completedDeliveries}. The
 * worker has a connection of its own, so that a broker that blocks publishers does not keep it from
 * acknowledging. It connects in the background, and again whenever the connection is lost.
 *
 * <p>While a delivery is handled, the log's MDC has its message id as {@code messageId}.
 *
 * <p>Safe for use by many threads. Its own threads are daemons, so they do not keep a process alive
 * that has nothing else to do.
 */
public final class RabbitMqWorker implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);
  private static final int CLOSE_MILLIS = 2_000;
  private static final long FIRST_RECONNECT_MILLIS = 100;
  private static final long LONGEST_RECONNECT_MILLIS = 10_000;

  private final WorkerSettings settings;
  private final ExecutorService handlers;
  private final ScheduledExecutorService timer;
  private final RetryQueues retryQueues;
  private final DeliveryProcess process;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OpenConnection connection;
  private @Nullable Channel channel;
  private @Nullable String consumerTag;
  private volatile boolean closed;
  private volatile @Nullable String trouble = "not connected yet";

  RabbitMqWorker(WorkerSettings settings) {
    this.settings = settings;
    String threads = "event-collector-worker-" + settings.queue();
    handlers = Executors.newFixedThreadPool(settings.concurrency(), DaemonThreads.named(threads));
    timer = Executors.newScheduledThreadPool(2, DaemonThreads.named(threads + "-timer"));
    retryQueues =
        new RetryQueues(
            settings.queue(),
            settings.deadQueue(),
            settings.retryDelays(),
            new ConfirmedMoves(settings.connector(), "retries of " + settings.queue()),
            timer);
    process =
        new DeliveryProcess(
            settings, retryQueues, new Attempt(settings, timer), timer, () -> closed);
  }

  /** Starts to configure a worker. */
  public static RabbitMqWorkerBuilder builder() {
    return new RabbitMqWorkerBuilder();
  }

  RabbitMqWorker start() {
    timer.execute(() -> connect(1));
    return this;
  }

  private void connect(int attempt) {
    if (closed) {
      return;
    }
    OpenConnection open = null;
    try {
      open = settings.connector().connect("worker on " + settings.queue());
      consume(open);
      trouble = null;
      LOGGER.info("consuming {}", settings.queue());
    } catch (IOException | RuntimeException e) {
      if (open != null) {
        open.close(CLOSE_MILLIS);
      }
      if (attempt == 1) {
        LOGGER.warn("cannot consume {}, trying again: {}", settings.queue(), Reasons.of(e));
      }
      trouble = Reasons.of(e);
      connectLater(attempt + 1);
    }
  }

  private void consume(OpenConnection open) throws IOException {
    Topology.ensureQueue(open.connection(), settings.queue());
    retryQueues.open(open.connection());
    Channel fresh = open.connection().createChannel();
    fresh.basicQos(settings.prefetch());
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the worker is closed");
      }
      consumerTag = fresh.basicConsume(settings.queue(), false, new Consumer(fresh, open));
      connection = open;
      channel = fresh;
    } finally {
      lock.unlock();
    }
    fresh.addShutdownListener(cause -> lost(open, cause)); // also called when it is down by now
  }

  private void lost(OpenConnection lost, ShutdownSignalException cause) {
    if (!cause.isInitiatedByApplication() && noLonger(lost)) {
      startAgain(lost, Reasons.of(cause));
    }
  }

  /** True for one caller only: whoever else hears of it must not make a second consumer. */
  private boolean noLonger(OpenConnection lost) {
    lock.lock();
    try {
      if (closed || connection != lost) {
        return false;
      }
      connection = null;
      channel = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The broker has back what was not acknowledged, so a new connection begins afresh. */
  private void startAgain(OpenConnection broken, String reason) {
    trouble = reason;
    LOGGER.warn("no longer consuming {}: {}", settings.queue(), reason);
    try {
      timer.execute(() -> broken.close(CLOSE_MILLIS));
    } catch (RejectedExecutionException e) {
      return; // closed meanwhile
    }
    connectLater(1);
  }

  private void connectLater(int attempt) {
    long delay =
        Math.min(LONGEST_RECONNECT_MILLIS, FIRST_RECONNECT_MILLIS << Math.min(attempt - 1, 10));
    try {
      timer.schedule(() -> connect(attempt), delay, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOGGER.debug("closed meanwhile", e);
    }
  }

  private final class Consumer extends DefaultConsumer {

    private final OpenConnection from;

    Consumer(Channel channel, OpenConnection from) {
      super(channel);
      this.from = from;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, BasicProperties properties, byte[] body) {
      try {
        handlers.execute(
            () -> {
              if (!closed) { // else closing the channel gives it back
                process.handle(getChannel(), envelope, properties, body);
              }
            });
      } catch (RejectedExecutionException e) {
        LOGGER.debug("closed meanwhile, which gives the delivery back", e);
      }
    }

    /** The queue was deleted, or its node is gone (RabbitMQ, "Consumer Cancellation"). */
    @Override
    public void handleCancel(String tag) {
      if (noLonger(from)) {
        startAgain(from, "the broker cancelled the consumer");
      }
    }
  }

  /** Why nothing is consumed at the moment; null when all is well. */
  public @Nullable String trouble() {
    return closed ? "the worker is closed" : trouble;
  }

  /** {@link #close(Duration)} with the configured stop timeout. */
  @Override
  public void close() {
    close(settings.stopTimeout());
  }

  /**
   * Takes no more deliveries, lets those that are being handled finish, and gives the rest back to
   * the queue. Closing again does nothing.
   *
   * @return whether everything finished in time; what did not is interrupted, and comes again
   */
  public boolean close(Duration timeout) {
    OpenConnection open;
    lock.lock();
    try {
      if (closed) {
        return true;
      }
      closed = true;
      open = connection;
      if (channel != null && consumerTag != null) {
        channel.basicCancel(consumerTag);
      }
    } catch (IOException | ShutdownSignalException e) {
      LOGGER.debug("the channel is closed already", e);
      open = connection;
    } finally {
      lock.unlock();
    }
    boolean finished = handlersFinish(timeout);
    timer.shutdownNow();
    retryQueues.close();
    if (open != null) {
      open.close(CLOSE_MILLIS);
    }
    return finished;
  }

  private boolean handlersFinish(Duration timeout) {
    handlers.shutdown();
    try {
      if (handlers.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOGGER.warn("closed while deliveries of {} were being handled", settings.queue());
    handlers.shutdownNow();
    return false;
  }
}
