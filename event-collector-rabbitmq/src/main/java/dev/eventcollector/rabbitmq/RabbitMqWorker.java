package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollectorException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes a queue. Each delivery is a unit of work: the handler runs, the broker confirms the
 * events that it enqueued, and only then is the delivery acknowledged. A delivery that fails is
 * retried after growing delays and parked at last in a dead-letter queue.
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
 * <p>While more deliveries wait, the events of those that were handled are published together, and
 * together they are acknowledged. It never waits for more to come, and publishes the events of a
 * finished delivery within 5 ms.
 *
 * <p>Trouble that is not the delivery's own counts as no failure: its events are not confirmed
 * because the broker is away or raises an alarm, the collector is closed or full, or the memory of
 * completed deliveries fails. Then the delivery is held unacknowledged, no other is handled, and
 * the worker tries again after growing pauses; {@link #trouble()} says why. A handler that has
 * succeeded is not run again for it.
 *
 * <p>A delivery can come more than once, also after it was completed, when the connection is lost
 * before the acknowledgement arrives; see {@link RabbitMqWorkerBuilder#completedDeliveries}. The
 * worker has a connection of its own, so that a broker that blocks publishers does not keep it from
 * acknowledging. It connects in the background, or while it is started ({@link
 * RabbitMqWorkerBuilder#connectAtStart}), and again whenever the connection is lost.
 *
 * <p>While a delivery is handled, the log's MDC has its message id as {@code messageId}.
 *
 * <p>Safe for use by many threads. Its own threads are daemons, so they do not keep a process alive
 * that has nothing else to do.
 */
public final class RabbitMqWorker implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  private static final long LEAST_NANOS_TO_MOVE = TimeUnit.MILLISECONDS.toNanos(200);

  private final WorkerSettings settings;
  private final Background background;
  private final Watchdog watchdog = new Watchdog();
  private final ReadyDeliveries ready = new ReadyDeliveries();
  private final RetryQueues retryQueues;
  private final HeldDeliveries held;
  private final Settling settling;
  private final DeliveryLanes lanes;
  private final WorkerConnection connection;
  private final Probes probes;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
  private volatile @Nullable Thread closer;

  RabbitMqWorker(WorkerSettings settings) {
    this.settings = settings;
    background = new Background("event-collector-worker-" + settings.queue() + "-background");
    ConfirmedMoves moves =
        new ConfirmedMoves(settings.connector(), "retries of " + settings.queue());
    retryQueues = new RetryQueues(settings, moves, background, watchdog);
    DeliveriesInProgress inProgress = new DeliveriesInProgress();
    DeliveryNews news = new DeliveryNews(settings.listeners(), settings.deadQueue());
    held = new HeldDeliveries(settings, ready, news);
    WorkingAgain works = new WorkingAgain(settings, held);
    settling = new Settling(settings, retryQueues, inProgress, news, held, works);
    ChunkPublishing publishing = new ChunkPublishing();
    lanes =
        new DeliveryLanes(
            settings,
            ready,
            new Attempt(settings, inProgress, closing::get),
            new ChunkFinisher(settings, publishing, settling),
            background);
    connection =
        new WorkerConnection(
            settings,
            ready,
            retryQueues,
            background,
            watchdog,
            this::giveBackAll,
            one -> settling.settle(List.of(one)));
    probes = new Probes(settings, held, retryQueues);
    HoldLimit limit =
        new HoldLimit(
            settings, held, works, ready, publishing, settling, probes, connection::pauseUntil);
    HeldRetries retries =
        new HeldRetries(settings, held, works, ready, publishing, settling, limit, probes);
    held.connect(settling::giveBack, () -> background.execute(retries));
  }

  /** Starts to configure a worker. */
  public static RabbitMqWorkerBuilder builder() {
    return new RabbitMqWorkerBuilder();
  }

  /** Starts, and waits for the connection unless it may come later. */
  RabbitMqWorker start(ConnectAtStart how) {
    lanes.start();
    Future<@Nullable String> first = connection.start(how != ConnectAtStart.FAIL);
    if (how == ConnectAtStart.LATER) {
      return this;
    }
    String failure = awaitFirst(first);
    if (failure != null && how == ConnectAtStart.FAIL) {
      close();
      throw new EventCollectorException(
          String.format(
              Locale.ROOT, "cannot consume %s: %s (connectAtStart)", settings.queue(), failure));
    }
    return this;
  }

  /** Why the queue is not consumed; null when it is. */
  private @Nullable String awaitFirst(Future<@Nullable String> first) {
    try {
      return first.get(settings.connector().longestNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return "the broker does not answer in time";
    } catch (ExecutionException e) {
      return Reasons.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted while connecting";
    }
  }

  /** The broker has these back: nobody can settle them any more. */
  private void giveBackAll(ConsumerSession lost) {
    String reason = lost.endedBecause();
    ready.remove(one -> one.session == lost).forEach(one -> settling.giveBack(one, reason));
    held.remove(one -> one.session == lost).forEach(one -> settling.giveBack(one, reason));
  }

  /**
   * Why deliveries are not consumed, retried or settled at the moment; null when all is well. It
   * tells of the connection first, then of what pauses consuming, then of handlers that ignore the
   * interrupt at their timeout, then of the retry and dead-letter queues, and last of single
   * deliveries that are held.
   */
  public @Nullable String trouble() {
    if (closing.get()) {
      return "the worker is closed";
    }
    String first = connection.trouble();
    String paused = held.trouble();
    if (first == null && held.isPaused()) {
      first = paused;
    }
    if (first == null) {
      first = lanes.trouble();
    }
    if (first == null) {
      first = retryQueues.trouble();
    }
    return first == null ? paused : first;
  }

  /**
   * Whether deliveries are consumed at the moment: connected, not paused by trouble, and not every
   * handler ignores the interrupt at its timeout.
   */
  public boolean isConsuming() {
    return !closing.get() && connection.trouble() == null && !held.isPaused() && !lanes.allHang();
  }

  /**
   * How many deliveries are kept unacknowledged at the moment because of trouble outside of them,
   * or because the broker refuses their events.
   */
  public int heldDeliveries() {
    return held.count();
  }

  /** How many deliveries are here that no handler has begun with. */
  int waitingDeliveries() {
    return ready.size();
  }

  /** Tells queue, broker addresses and what hinders it at the moment, without credentials. */
  @Override
  public String toString() {
    String trouble = trouble();
    return String.format(
        Locale.ROOT,
        "RabbitMqWorker[%s at %s, %s]",
        settings.queue(),
        settings.connector(),
        trouble == null ? "consuming" : trouble);
  }

  /** {@link #close(Duration)} with the configured stop timeout. */
  @Override
  public void close() {
    close(settings.stopTimeout());
  }

  /**
   * Takes no more deliveries, lets those that are being handled or retried finish, and gives the
   * rest back to the queue, held ones at once. After the timeout a handler is interrupted and its
   * delivery given back: none of the events of this run is published, whenever it returns. Closing
   * again waits until the first call is done, for the given timeout at most, and answers as that
   * did; false when it is not done. It takes at most two and a half seconds longer than the
   * timeout: for a move under way, and the goodbye to a broker that does not answer.
   *
   * <p>Called by a handler or listener of this worker it cannot wait for its own caller: it logs a
   * warning, answers false at once and closes the worker on another thread.
   *
   * @return whether everything finished in time; what did not is interrupted, and comes again
   */
  public boolean close(Duration timeout) {
    boolean first = closing.compareAndSet(false, true);
    if (!background.ownsCurrentThread()) {
      return first ? closeNow(timeout) : awaitClosed(timeout);
    }
    LOGGER.warn(
        "close() of the worker on {} was called by its own handler or listener, for which it cannot"
            + " wait; it closes on another thread",
        settings.queue());
    if (first) {
      DaemonThreads.named("event-collector-worker-" + settings.queue() + "-close")
          .newThread(() -> closeNow(timeout))
          .start();
    }
    return false;
  }

  private boolean awaitClosed(Duration timeout) {
    if (Thread.currentThread() == closer) { // the first call may reach a listener
      return false;
    }
    try {
      return closed.get(Timeouts.nanos(timeout), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean closeNow(Duration timeout) {
    closer = Thread.currentThread();
    boolean finished = false;
    try {
      finished = closeAll(timeout);
      return finished;
    } finally {
      closed.complete(finished);
      closer = null;
    }
  }

  /** To the broker, on both connections at once: each takes two seconds when it does not answer. */
  private void sayGoodbye() {
    Thread moves =
        DaemonThreads.named("event-collector-worker-" + settings.queue() + "-close-moves")
            .newThread(retryQueues::close);
    try {
      moves.start();
    } catch (OutOfMemoryError e) { // no thread can be made
      retryQueues.close();
    }
    connection.close();
    try {
      moves.join(WorkerConnection.CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean closeAll(Duration timeout) {
    long deadline = System.nanoTime() + Timeouts.nanos(timeout);
    connection.stop();
    lanes.stop();
    held.close();
    boolean ended = lanes.awaitEnd(deadline);
    if (!ended) {
      LOGGER.warn(
          "Deliveries of {} were still being handled {} after close() was called. Their handlers"
              + " are interrupted, the deliveries come again, and events of these runs are not"
              + " published",
          settings.queue(),
          Timeouts.text(timeout));
      lanes.giveUp();
    }
    List<DeliveryInHand> rest = ready.remove(one -> true);
    boolean finished =
        ended && !held.hasGivenBack(deadline) && rest.stream().noneMatch(DeliveryInHand::wasHeld);
    rest.forEach(one -> settling.giveBack(one, "the worker was closed"));
    probes.close();
    retryQueues.stop(Math.max(deadline, System.nanoTime() + LEAST_NANOS_TO_MOVE));
    sayGoodbye();
    background.close();
    lanes.close();
    watchdog.close();
    return finished;
  }
}
