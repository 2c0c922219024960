package dev.eventcollector.rabbitmq;

import dev.eventcollector.internal.SafeLog;
import dev.eventcollector.rabbitmq.AttemptClock.Overdue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of handlers that ignore the interrupt at their timeout and keep their threads busy. */
final class OverdueHandlers {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  private final WorkerSettings settings;

  OverdueHandlers(WorkerSettings settings) {
    this.settings = settings;
  }

  /** Logs it once. Throws nothing. */
  void report(Overdue one) {
    SafeLog.withoutThrowable(
        () ->
            LOGGER.warn(
                "A handler of {} {}. Its thread, one of {}, is busy until the handler returns, and"
                    + " its delivery is not retried before. A thread dump (jstack) shows where it"
                    + " waits; give that call a timeout",
                settings.queue(),
                described(one),
                settings.concurrency()));
  }

  /** For {@code trouble()}; null if every handler returns in time. */
  @Nullable String trouble(List<Overdue> all) {
    return all.isEmpty()
        ? null
        : String.format(
            Locale.ROOT,
            "%d of %d handlers %s%s",
            all.size(),
            settings.concurrency(),
            all.size() == 1 ? "" : "do not return; the first ",
            described(all.get(0)));
  }

  private String described(Overdue one) {
    return String.format(
        Locale.ROOT,
        "has not returned after %s, although it was interrupted (attemptTimeout is %s): messageId=%s"
            + " on thread %s",
        Timeouts.text(Duration.ofNanos(System.nanoTime() - one.beganNanos())),
        Timeouts.text(settings.attemptTimeout()),
        one.delivery().id(),
        one.thread());
  }
}
