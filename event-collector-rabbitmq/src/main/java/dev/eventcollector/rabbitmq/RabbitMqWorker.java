package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventsNotConfirmedException;
import dev.eventcollector.UnitOfWork;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes a queue. Every delivery is a unit of work of its own: the handler runs, the events it
 * enqueued are published, the broker confirms them, and only then is the delivery acknowledged. A
 * delivery whose handling or publishing failed goes back to the queue after a delay.
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
 * <p>A delivery can come more than once: when the handler failed, or the connection was lost before
 * the acknowledgement arrived. It has a connection of its own, so that a broker that blocks
 * publishers does not keep the worker from acknowledging.
 *
 * <p>Safe for use by many threads.
 */
public final class RabbitMqWorker implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);
  private static final int CLOSE_MILLIS = 2_000;
  private static final long LONGEST_RECONNECT_MILLIS = 10_000;
  private static final long FIRST_RECONNECT_MILLIS = 100;

  private final WorkerSettings settings;
  private final ScheduledExecutorService handlers;
  private final Semaphore running;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OpenConnection connection;
  private @Nullable Channel channel;
  private @Nullable String consumerTag;
  private volatile boolean closed;
  private volatile @Nullable String lastTrouble = "not connected yet";

  RabbitMqWorker(WorkerSettings settings) {
    this.settings = settings;
    this.running = new Semaphore(settings.concurrency());
    // One thread more than handlers run, for reconnecting and for giving failed deliveries back.
    this.handlers =
        Executors.newScheduledThreadPool(
            settings.concurrency() + 1,
            DaemonThreads.named("event-collector-worker-" + settings.queue()));
  }

  /** Starts to configure a worker. */
  public static RabbitMqWorkerBuilder builder() {
    return new RabbitMqWorkerBuilder();
  }

  RabbitMqWorker start() {
    handlers.execute(() -> connect(1));
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
      lastTrouble = null;
      LOGGER.info("consuming {}", settings.queue());
    } catch (IOException | RuntimeException e) {
      if (open != null) {
        open.close(CLOSE_MILLIS);
      }
      if (lastTrouble == null || attempt == 1) {
        LOGGER.warn("cannot consume {}, trying again: {}", settings.queue(), Reasons.of(e));
      }
      lastTrouble = Reasons.of(e);
      reconnectLater(attempt + 1);
    }
  }

  private void consume(OpenConnection open) throws IOException {
    Topology.ensureQueue(open.connection(), settings.queue());
    Channel fresh = open.connection().createChannel();
    fresh.basicQos(settings.concurrency());
    fresh.addShutdownListener(cause -> connectionLost(open, cause));
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
  }

  private void connectionLost(OpenConnection lost, ShutdownSignalException cause) {
    if (!cause.isInitiatedByApplication() && noLonger(lost)) {
      lastTrouble = Reasons.of(cause);
      LOGGER.warn("no longer consuming {}: {}", settings.queue(), lastTrouble);
      replace(lost);
    }
  }

  /**
   * True for one caller only, and for none while the connection is still being made: then the
   * failure is told to {@link #connect} and it alone tries again. Two would be two consumers.
   */
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

  private void replace(OpenConnection lost) {
    handlers.execute(() -> lost.close(CLOSE_MILLIS));
    reconnectLater(1);
  }

  private void reconnectLater(int attempt) {
    long delay =
        Math.min(LONGEST_RECONNECT_MILLIS, FIRST_RECONNECT_MILLIS << Math.min(attempt - 1, 10));
    if (!handlers.isShutdown()) {
      handlers.schedule(() -> connect(attempt + 1), delay, TimeUnit.MILLISECONDS);
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
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      Map<String, Object> headers = properties.getHeaders();
      Delivery delivery =
          new Delivery(
              settings.queue(),
              properties.getMessageId(),
              body,
              properties.getContentType(),
              headers == null ? Map.of() : headers,
              envelope.isRedeliver());
      long deliveryTag = envelope.getDeliveryTag();
      if (!closed) {
        handlers.execute(() -> handle(delivery, getChannel(), deliveryTag));
      }
    }

    @Override
    public void handleCancel(String tag) {
      // The queue was deleted, or its node is gone (RabbitMQ "Consumer Cancel Notification").
      if (noLonger(from)) {
        lastTrouble = "the broker cancelled the consumer";
        LOGGER.warn("no longer consuming {}: {}", settings.queue(), lastTrouble);
        replace(from);
      }
    }
  }

  private void handle(Delivery delivery, Channel from, long tag) {
    running.acquireUninterruptibly();
    try {
      if (closed || !from.isOpen()) {
        return; // unacknowledged, so that the closed channel has given it back
      }
      if (succeeds(delivery)) {
        from.basicAck(tag, false);
      } else {
        giveBackLater(from, tag);
      }
    } catch (IOException | ShutdownSignalException e) {
      LOGGER.warn("{} was handled, but will come again: {}", delivery, Reasons.of(e));
    } finally {
      running.release();
    }
  }

  private boolean succeeds(Delivery delivery) {
    EventCollector events = settings.collector();
    try (UnitOfWork unit = events.newUnitOfWork()) {
      try (UnitOfWork.Binding bound = unit.bind()) {
        settings.handler().handle(delivery, events);
      }
      unit.publishOrThrow();
      return true;
    } catch (EventsNotConfirmedException e) {
      // The delivery will come again and enqueue its events anew.
      events.withdraw(e.report());
      LOGGER.warn("{} will come again, for its events: {}", delivery, e.report());
    } catch (Throwable e) { // an error must not keep the delivery, and with it the queue, waiting
      LOGGER.warn("{} was not handled and will come again", delivery, e);
    }
    return false;
  }

  private void giveBackLater(Channel from, long tag) {
    handlers.schedule(
        () -> {
          try {
            from.basicReject(tag, true);
          } catch (IOException | ShutdownSignalException e) {
            LOGGER.debug("the channel is closed, which has given the delivery back", e);
          }
        },
        settings.retryDelay().toNanos(),
        TimeUnit.NANOSECONDS);
  }

  /** Why nothing is consumed at the moment; null when all is well. */
  public @Nullable String trouble() {
    return lastTrouble;
  }

  /** {@link #close(Duration)} with the configured stop timeout. */
  @Override
  public void close() {
    close(settings.stopTimeout());
  }

  /**
   * Takes no more deliveries, lets those that are being handled finish, and gives the rest back to
   * the queue.
   *
   * @return whether everything finished in time
   */
  public boolean close(Duration timeout) {
    lock.lock();
    try {
      if (closed) {
        return true;
      }
      closed = true;
      if (channel != null && consumerTag != null) {
        channel.basicCancel(consumerTag);
      }
    } catch (IOException | ShutdownSignalException e) {
      LOGGER.debug("the channel is closed already", e);
    } finally {
      lock.unlock();
    }
    boolean finished = false;
    try {
      finished =
          running.tryAcquire(settings.concurrency(), timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!finished) {
      LOGGER.warn("closed with deliveries of {} still being handled", settings.queue());
    }
    handlers.shutdownNow();
    if (connection != null) {
      connection.close(CLOSE_MILLIS);
    }
    return finished;
  }
}
