package dev.eventcollector.examples.faktory;

import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The way of one job, from being fetched to its answer. */
final class JobProcess {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);

  /** Names the job on every log line about it, the handler's included. */
  private static final String MESSAGE_ID = "messageId";

  private final WorkerSettings settings;
  private final Attempts attempts;
  private final Answering answering;
  private final Runnable whenCollectorIsClosed;
  private final Set<RunningJob> running = ConcurrentHashMap.newKeySet();

  /** Released when the job with this id has ended; a copy of it waits for that. */
  private final ConcurrentMap<String, CountDownLatch> inProgress = new ConcurrentHashMap<>();

  private volatile boolean stopped;
  private volatile boolean stoppedAny;

  JobProcess(
      WorkerSettings settings,
      Attempts attempts,
      Answering answering,
      Runnable whenCollectorIsClosed) {
    this.settings = settings;
    this.whenCollectorIsClosed = whenCollectorIsClosed;
    this.attempts = attempts;
    this.answering = answering;
  }

  /**
   * Handles a job and answers it.
   *
   * @param fetchedAt when it was asked for, by the settings' clock
   */
  void handle(byte[] json, long fetchedAt, WorkerLink link) {
    FetchedJob job;
    try {
      job = JobReader.read(json);
    } catch (MalformedJobException e) {
      LOGGER.error(
          "A job cannot be read, and so not be answered: {}. Faktory retries it when its"
              + " reservation is over, until it is dead.",
          Reasons.messageOf(e));
      return;
    }
    RunningJob one = new RunningJob(job, fetchedAt, settings.clock());
    running.add(one);
    String id = job.delivery().messageId();
    try (MDC.MDCCloseable inLog = MDC.putCloseable(MESSAGE_ID, id == null ? "none" : id)) {
      if (stopped) {
        stop(one);
      }
      settle(one, link);
    } finally {
      running.remove(one);
    }
  }

  private void settle(RunningJob one, WorkerLink link) {
    Delivery delivery = one.job().delivery();
    if (one.job().problem() != null) {
      if (one.claim()) {
        reject(one, link, FailureReport.of("MalformedJob", one.job().problem()));
      }
      return;
    }
    String id = delivery.messageId();
    if (id == null || settings.completedDeliveries() == CompletedDeliveries.none()) {
      attempt(one, link, () -> {});
      return;
    }
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch other = inProgress.putIfAbsent(id, ended);
    while (other != null && one.await(other)) {
      other = inProgress.putIfAbsent(id, ended);
    }
    if (other != null) {
      if (one.claim()) {
        String reason = "another job with the same id is still being handled";
        fail(one, link, FailureReport.of("SameIdInProgress", reason));
      }
      return;
    }
    try {
      settleOnce(one, link, id);
    } finally {
      inProgress.remove(id);
      ended.countDown();
    }
  }

  private void settleOnce(RunningJob one, WorkerLink link, String id) {
    Delivery delivery = one.job().delivery();
    boolean completed;
    try {
      completed = settings.completedDeliveries().contains(id);
    } catch (Throwable e) { // the class is not ours
      if (one.claim()) {
        fail(one, link, FailureReport.of(e));
      }
      return;
    }
    if (!completed) {
      attempt(one, link, () -> settings.completedDeliveries().add(id));
    } else if (one.claim()) {
      LOGGER.info("{} was completed before and is acknowledged", delivery);
      acknowledge(one, link, listener -> listener.onDuplicate(delivery));
    }
  }

  private void attempt(RunningJob one, WorkerLink link, Runnable whenCompleted) {
    Delivery delivery = one.job().delivery();
    long start = System.nanoTime();
    AttemptResult result = attempts.make(one);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (!one.claim()) {
      LOGGER.warn("{} has ended, after the worker was stopped; it was failed before", delivery);
    } else if (result instanceof AttemptResult.Failed failed) {
      failed(one, link, failed);
    } else if (result instanceof AttemptResult.Environment environment) {
      fail(one, link, environment.report());
      if (environment.trouble() == AttemptResult.Trouble.COLLECTOR_CLOSED) {
        whenCollectorIsClosed.run();
      }
    } else {
      remember(whenCompleted, delivery);
      acknowledge(one, link, listener -> listener.onCompleted(delivery, took));
    }
  }

  private static void remember(Runnable whenCompleted, Delivery delivery) {
    try {
      whenCompleted.run();
    } catch (Throwable e) { // the class is not ours
      LOGGER.warn("{} is completed, but could not be remembered", delivery, Reasons.printable(e));
    }
  }

  private void failed(RunningJob one, WorkerLink link, AttemptResult.Failed failed) {
    Delivery delivery = one.job().delivery();
    if (failed.cause() instanceof RejectDeliveryException rejected) {
      String reason = Reasons.messageOf(rejected);
      if (rejected.isDropped()) {
        LOGGER.info("{} is dropped: {}", delivery, reason);
        acknowledge(one, link, listener -> listener.onDropped(delivery, reason));
      } else {
        Throwable cause = Reasons.causeOf(rejected);
        FailureReport report = FailureReport.of(cause == null ? rejected : cause);
        reject(one, link, new FailureReport(report.type(), reason, report.backtrace()));
      }
      return;
    }
    fail(one, link, failed.report());
  }

  private void acknowledge(
      RunningJob one, WorkerLink link, Consumer<FaktoryWorkerListener> whenTold) {
    answered(one, answering.ack(link, one), whenTold, "was handled");
  }

  /** Has failed; Faktory retries it if its retries are not used up. */
  private void fail(RunningJob one, WorkerLink link, FailureReport report) {
    FetchedJob.Next next = one.job().next();
    Delivery delivery = one.job().delivery();
    String reason = report.summary();
    boolean told =
        answered(
            one,
            answering.fail(link, one, report),
            told(next, delivery, reason),
            "failed (" + reason + ")");
    if (told) {
      LOGGER.warn("{} failed and {}: {}", delivery, words(next), reason);
    }
  }

  private static Consumer<FaktoryWorkerListener> told(
      FetchedJob.Next next, Delivery delivery, String reason) {
    return next == FetchedJob.Next.RETRY
        ? listener -> listener.onRetry(delivery, reason)
        : listener -> listener.onDead(delivery, reason);
  }

  private static String words(FetchedJob.Next next) {
    return switch (next) {
      case RETRY -> "will be retried by Faktory";
      case DEAD -> "is dead";
      case DISCARDED -> "is discarded, because it has no retries";
    };
  }

  /** Has failed for good. Faktory knows no such thing, so it is killed among the retries. */
  private void reject(RunningJob one, WorkerLink link, FailureReport report) {
    Delivery delivery = one.job().delivery();
    FetchedJob.Next next = one.job().next();
    String problem = answering.fail(link, one, report);
    if (problem == null && next == FetchedJob.Next.RETRY && answering.kill(link, one)) {
      next = FetchedJob.Next.DEAD;
    }
    String reason = report.message();
    if (answered(one, problem, told(next, delivery, reason), "was rejected")) {
      LOGGER.warn("{} was rejected and {}: {}", delivery, words(next), reason);
    }
  }

  private boolean answered(
      RunningJob one,
      @Nullable String problem,
      Consumer<FaktoryWorkerListener> whenTold,
      String what) {
    Delivery delivery = one.job().delivery();
    if (problem == null) {
      tell(whenTold);
      return true;
    }
    LOGGER.warn(
        "{} {}, but Faktory was not told: {}. It retries the job when the reservation is over.",
        delivery,
        what,
        problem);
    tell(listener -> listener.onUnanswered(delivery, problem));
    return false;
  }

  /** Interrupts what runs; what is still to begin fails. */
  void stop() {
    stopped = true;
    running.forEach(this::stop);
  }

  private void stop(RunningJob one) {
    stoppedAny = true;
    one.stop();
  }

  /** Whether there was a job that could not finish. */
  boolean hasStoppedAny() {
    return stoppedAny;
  }

  /** Answers for handlers that do not end, so that their jobs are retried soon. */
  void abandon(WorkerLink link) {
    for (RunningJob one : running) {
      if (one.claim()) {
        String reason = "the worker was stopped, and the handler did not end";
        fail(one, link, FailureReport.of(Attempt.StoppedException.class.getName(), reason));
      }
    }
  }

  void tell(Consumer<FaktoryWorkerListener> what) {
    for (FaktoryWorkerListener listener : settings.listeners()) {
      try {
        what.accept(listener);
      } catch (Throwable e) { // errors too, so that the others hear of it
        LOGGER.warn("a listener failed: {}", listener.getClass().getName(), Reasons.printable(e));
      }
    }
  }
}
