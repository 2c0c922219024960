package dev.eventcollector.rabbitmq;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to RabbitMQ, or another broker that speaks AMQP 0-9-1: persistent, {@code mandatory},
 * with a publisher confirm for every event.
 *
 * <pre>{@code
 * var publisher = RabbitMqEventPublisher.builder().uri("amqp://user:password@host/vhost").build();
 * EventCollectors.install(publisher);
 * }</pre>
 *
 * <p>Safe for use by many threads: all share one connection, each has a channel of its own while it
 * publishes. It connects when the first chunk is published, and again when the connection was lost.
 */
public final class RabbitMqEventPublisher implements EventPublisher {

  private static final int CLOSE_MILLIS = 2_000;
  private static final long IDLE_SECONDS = 10;
  private static final long LEAST_NANOS_TO_WRITE = TimeUnit.MILLISECONDS.toNanos(100);

  private final Connector connector;
  private final String exchange;
  private final int maxChannels;
  private final List<String> queues;
  private final Watchdog watchdog = new Watchdog();
  private final ExecutorService background =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          DaemonThreads.named("event-collector-rabbitmq"));

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable CompletableFuture<PublishingConnection> connecting;
  private volatile @Nullable PublishingConnection connection;
  private volatile boolean closed;

  RabbitMqEventPublisher(
      Connector connector, String exchange, int maxChannels, List<String> queues) {
    this.connector = connector;
    this.exchange = exchange;
    this.maxChannels = maxChannels;
    this.queues = queues;
  }

  /** Starts to configure a publisher. */
  public static RabbitMqEventPublisherBuilder builder() {
    return new RabbitMqEventPublisherBuilder();
  }

  /** Checks lengths and headers against what AMQP 0-9-1 can carry. */
  @Override
  public void validate(Event event) {
    AmqpLimits.check(event);
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    long latestStart = deadline - Math.min(timeout.toNanos() / 10, LEAST_NANOS_TO_WRITE);
    List<Outcome> outcomes = new ArrayList<>(chunk.size());
    boolean progressed = true;
    while (outcomes.size() < chunk.size()) {
      List<Event> rest = outcomes.isEmpty() ? chunk : chunk.subList(outcomes.size(), chunk.size());
      List<Outcome> some = publishOnOneChannel(rest, latestStart, deadline);
      if (some.isEmpty() && !progressed) {
        some = notSent(rest, "the channel was closed before anything was sent");
      }
      progressed = !some.isEmpty();
      outcomes.addAll(some);
    }
    return outcomes;
  }

  /** Outcomes of the first events, as {@link ConfirmingChannel#publish} gives them. */
  private List<Outcome> publishOnOneChannel(List<Event> events, long latestStart, long deadline) {
    PublishingConnection open;
    try {
      open = connection(deadline);
      String blocked = open.blockedReason();
      if (blocked != null) {
        return notSent(events, "the broker blocks publishing: " + blocked);
      }
      if (!open.awaitTurn(latestStart)) {
        return notSent(events, "no channel became free; " + maxChannels + " are in use");
      }
    } catch (IOException | TimeoutException e) {
      return notSent(events, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notSent(events, "interrupted before anything was sent");
    }
    try {
      return publishInTurn(open, events, latestStart, deadline);
    } finally {
      open.endTurn();
    }
  }

  /**
   * The watch begins here and not earlier, and not with less time than a write needs: it tears down
   * a socket that other threads use too, and may do so only when that socket hangs.
   */
  private List<Outcome> publishInTurn(
      PublishingConnection open, List<Event> events, long latestStart, long deadline) {
    if (latestStart - System.nanoTime() < 0) {
      return notSent(events, "no time was left to send it");
    }
    try (Watchdog.Watch watch = watchdog.watch(open.socket(), deadline)) {
      ConfirmingChannel channel;
      try {
        channel = open.takeChannel();
      } catch (IOException | RuntimeException e) {
        return open.isOpen()
            ? notSent(events, "no channel could be opened: " + Reasons.of(e))
            : List.of(); // the connection had been lost unnoticed, and another may do
      }
      try {
        return channel.publish(events, exchange, watch, deadline);
      } finally {
        open.giveBack(channel);
      }
    }
  }

  private static List<Outcome> notSent(List<Event> events, String reason) {
    return Collections.nCopies(events.size(), Outcome.notSent(reason));
  }

  /** The open connection; else connects, once for all threads, and waits for that. */
  private PublishingConnection connection(long deadline)
      throws IOException, TimeoutException, InterruptedException {
    PublishingConnection open = connection;
    if (open != null && open.isOpen()) {
      return open;
    }
    CompletableFuture<PublishingConnection> future;
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new IOException("the publisher is closed");
      }
      open = connection;
      if (open != null && open.isOpen()) {
        return open;
      }
      if (connecting == null) {
        connecting = CompletableFuture.supplyAsync(this::connect, background);
      }
      future = connecting;
    } finally {
      lock.unlock();
    }
    try {
      return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IOException(Reasons.of(e).replaceFirst("^IOException: ", ""));
    } catch (TimeoutException e) {
      throw new TimeoutException("no connection within the publish timeout to " + connector);
    }
  }

  private PublishingConnection connect() {
    @Nullable PublishingConnection fresh = null;
    try {
      fresh = new PublishingConnection(openWithQueues(), maxChannels, background);
      return fresh;
    } catch (IOException e) {
      throw new CompletionException(e);
    } finally { // also after an error, such as one that no thread can be made: the next may succeed
      lock.lock();
      try {
        connecting = null;
        if (fresh != null) {
          connection = fresh;
        }
      } finally {
        lock.unlock();
      }
      if (closed && fresh != null) {
        fresh.close(CLOSE_MILLIS);
      }
    }
  }

  private OpenConnection openWithQueues() throws IOException {
    OpenConnection open = connector.connect("publisher");
    try {
      for (String queue : queues) {
        Topology.ensureQueue(open.connection(), queue);
      }
      return open;
    } catch (IOException | RuntimeException e) {
      open.close(CLOSE_MILLIS);
      throw e;
    }
  }

  /** Closes the connection; takes at most two seconds when the broker does not answer. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    PublishingConnection open = connection;
    if (open != null) {
      open.close(CLOSE_MILLIS);
    }
    background.shutdown();
    watchdog.close();
  }

  /** Since when there is a connection for publishing; null while there is none. */
  public @Nullable Instant connectedSince() {
    PublishingConnection open = connection;
    return open != null && open.isOpen() ? open.since() : null;
  }

  /** Why the broker takes no messages at the moment, in its words; null when it does. */
  @Override
  public @Nullable String blockedReason() {
    PublishingConnection open = connection;
    return open != null && open.isOpen() ? open.blockedReason() : null;
  }

  /** Tells the broker addresses, without credentials. */
  @Override
  public String toString() {
    return "RabbitMqEventPublisher" + connector;
  }
}
