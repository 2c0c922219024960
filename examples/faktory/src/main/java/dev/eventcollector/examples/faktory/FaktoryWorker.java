package dev.eventcollector.examples.faktory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off queues of Faktory. Every job is a unit of work of its own: the handler runs, the events
 * it enqueued are published and confirmed, and only then is the job acknowledged. Faktory retries a
 * job that failed, after growing delays, and moves it to its dead set at last.
 *
 * <pre>{@code
 * try (var worker = FaktoryWorker.builder()
 *         .url("tcp://:password@host:7419")
 *         .queues("orders")
 *         .handler((delivery, events) -> events.enqueueEvent(ship(delivery.body()), "shipments"))
 *         .start()) {
 *   worker.awaitStop();
 * }
 * }</pre>
 *
 * <p>A job can come more than once: when its reservation is over before it is answered, when the
 * answer is lost, and when the server dies and has not written the answer to disk. See {@link
 * FaktoryWorkerBuilder#completedDeliveries}.
 *
 * <p>The server's page can tell the worker to be quiet, which is then final, or to terminate.
 * Either way it goes on to report itself.
 *
 * <p>While a job is handled, the log's MDC has its message id as {@code messageId}.
 *
 * <p>Safe for use by many threads. Its own threads are daemons, so they do not keep a process alive
 * that has nothing else to do.
 */
public final class FaktoryWorker implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);

  /** A {@code FETCH} that waits at the server ends within two seconds. */
  private static final Duration LAST_FETCH = Duration.ofSeconds(3);

  /** For answers on behalf of handlers that do not end. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  /** The state of a worker. */
  public enum State {
    /** It fetches jobs. */
    RUNNING,
    /** It fetches nothing more, and handles what it has. */
    QUIET,
    /** It fetches nothing more, and will have stopped when what it has is handled. */
    STOPPING,
    /** It is over. */
    STOPPED
  }

  private final WorkerSettings settings;
  private final ExecutorService fetchers;
  private final ScheduledExecutorService timer;
  private final StopSignal stop = new StopSignal();
  private final AtomicInteger generation = new AtomicInteger();
  private final JobProcess process;
  private final WorkerHealth health;
  private final Heart heart;
  private final List<WorkerLink> links = new ArrayList<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean terminating = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean finishedInTime = true;
  private volatile State state = State.RUNNING;
  private volatile String whyQuiet = "";

  FaktoryWorker(WorkerSettings settings) {
    this.settings = settings;
    String name = "faktory-worker-" + settings.queues().get(0);
    fetchers = Executors.newFixedThreadPool(settings.concurrency(), DaemonThreads.named(name));
    timer = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named(name + "-timer"));
    health = new WorkerHealth(String.join(", ", settings.queues()) + " at " + settings.connector());
    process =
        new JobProcess(
            settings,
            new Attempts(settings, new Attempt(settings, timer)),
            new Answering(stop),
            () -> quiet("the event collector is closed"));
    heart = new Heart(settings, newLink(), generation, this::state, this::obey);
  }

  /** Starts to configure a worker. */
  public static FaktoryWorkerBuilder builder() {
    return new FaktoryWorkerBuilder();
  }

  FaktoryWorker start() {
    DaemonThreads.named("faktory-worker-heart").newThread(heart).start();
    for (int i = 0; i < settings.concurrency(); i++) {
      fetchers.execute(new Fetcher(settings, newLink(), process, stop, health));
    }
    return this;
  }

  private WorkerLink newLink() {
    WorkerLink link = new WorkerLink(settings.connector(), generation);
    links.add(link);
    return link;
  }

  /** The worker's current state. */
  public State state() {
    return state;
  }

  /** Why nothing is fetched at the moment; null when all is well. */
  public @Nullable String trouble() {
    return switch (state) {
      case RUNNING -> health.trouble();
      case QUIET -> whyQuiet;
      case STOPPING, STOPPED -> "the worker is closed";
    };
  }

  /** Fetches nothing more, and handles what it has. Cannot be undone. */
  public void quiet() {
    quiet("the worker is quiet");
  }

  private void quiet(String reason) {
    synchronized (this) {
      if (state != State.RUNNING) {
        return;
      }
      state = State.QUIET;
      whyQuiet = reason;
    }
    LOGGER.info("no more jobs are fetched from {}: {}", settings.queues(), reason);
    stop.stopFetching();
    fetchers.shutdown();
  }

  /** Whether it is certain that no more jobs come. */
  boolean fetchesNoMore() {
    return fetchers.isTerminated();
  }

  private void obey(State wish) {
    if (wish == State.QUIET) {
      quiet("Faktory wants the worker to be quiet");
    } else if (!closing.get() && terminating.compareAndSet(false, true)) {
      LOGGER.info("Faktory wants this worker to terminate");
      Thread thread =
          DaemonThreads.named("faktory-worker-terminate")
              .newThread(
                  () -> {
                    close(settings.stopTimeout());
                    process.tell(FaktoryWorkerListener::onTerminated);
                  });
      thread.start();
    }
  }

  /** The worker's id at the server. */
  String wid() {
    return settings.wid();
  }

  /** Waits until the worker has stopped, because it was closed or the server wanted it. */
  public void awaitStop() throws InterruptedException {
    over.await();
  }

  /** {@link #close(Duration)} with the configured stop timeout. */
  @Override
  public void close() {
    close(settings.stopTimeout());
  }

  /**
   * Fetches no more jobs and lets those that are being handled finish. What does not finish in time
   * is interrupted, and failed, so that Faktory retries it soon. Takes up to two seconds when
   * nothing is handled, as long as the server keeps an unanswered request for a job, and five more
   * than the timeout when a handler does not end. Closing again waits for the end.
   *
   * @return whether everything finished in time
   */
  public boolean close(Duration timeout) {
    if (!closing.compareAndSet(false, true)) {
      awaitOver(timeout.plus(LAST_FETCH).plus(LAST_ANSWERS));
      return finishedInTime;
    }
    synchronized (this) {
      state = State.STOPPING;
    }
    stop.stopFetching();
    fetchers.shutdown();
    if (!ended(timeout)) {
      process.stop();
      finishedInTime = ended(LAST_FETCH) && !process.hasStoppedAny();
      if (!finishedInTime) {
        LOGGER.warn("closed while jobs of {} were being handled", settings.queues());
      }
    }
    abandonWhatRuns();
    stop.stopAnswering();
    heart.stop();
    timer.shutdownNow();
    links.forEach(WorkerLink::tearDown);
    state = State.STOPPED;
    over.countDown();
    return finishedInTime;
  }

  /** In a thread of its own, since the server may not answer. */
  private void abandonWhatRuns() {
    if (fetchers.isTerminated()) {
      return;
    }
    WorkerLink link = newLink();
    Thread thread =
        DaemonThreads.named("faktory-worker-abandon").newThread(() -> process.abandon(link));
    thread.start();
    try {
      thread.join(LAST_ANSWERS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ended(Duration timeout) {
    try {
      return fetchers.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void awaitOver(Duration timeout) {
    try {
      if (!over.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        LOGGER.warn("the worker is still being closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells queues and server, without the password. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "FaktoryWorker[%s at %s, %s]", settings.queues(), settings.connector(), state);
  }
}
