package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.EventCollector;
import dev.eventcollector.examples.support.logging.Seldom;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.TimeRule;
import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.storage.WorkStore;
import dev.eventcollector.outbox.JdbcOutbox;
import io.micrometer.core.instrument.Counter;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does, one after the other, the works that were created through the API. The outbox stores their
 * announcements in the transaction of the work. When computing fails, or the process dies, the work
 * is as it was.
 */
final class WorkScheduler implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(WorkScheduler.class);

  private final Seldom failures = new Seldom();
  private final JdbcOutbox outbox;
  private final WorkStore works;
  private final EventCollector events;
  private final Timing timing;
  private final Clock clock;
  private final Counter done;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "work-scheduler");

  /**
   * When it does what.
   *
   * @param interval between two looks into the table
   * @param maxAge of works that are done
   * @param step how long adding a number takes
   */
  record Timing(Duration interval, Duration maxAge, Duration step) {}

  private WorkScheduler(
      JdbcOutbox outbox,
      WorkStore works,
      EventCollector events,
      Timing timing,
      Clock clock,
      Counter done) {
    this.outbox = outbox;
    this.works = works;
    this.events = events;
    this.timing = timing;
    this.clock = clock;
    this.done = done;
  }

  static WorkScheduler start(
      JdbcOutbox outbox,
      WorkStore works,
      EventCollector events,
      Timing timing,
      Clock clock,
      Counter done) {
    WorkScheduler scheduler = new WorkScheduler(outbox, works, events, timing, clock, done);
    scheduler.thread.setDaemon(true);
    scheduler.thread.start();
    return scheduler;
  }

  private void run() {
    try {
      do {
        pass();
      } while (!ended.await(timing.interval().toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      LOGGER.warn("interrupted; the work it was at stays to be done");
    }
  }

  /** Does all there is to do. Whatever fails, the next pass tries again. */
  private void pass() throws InterruptedException {
    try {
      while (ended.getCount() > 0 && doNext()) {
        done.increment();
      }
    } catch (SQLException | RuntimeException e) {
      failures.log(
          more ->
              LOGGER.warn(
                  "works were not done, and stay to be done: {}; {} more before; next attempt in {}",
                  e,
                  more,
                  TimeRule.format(timing.interval())));
    }
  }

  /** In one transaction: takes a work, does it, and writes that down with its announcement. */
  private boolean doNext() throws SQLException, InterruptedException {
    return outbox.callInTransaction(
        transaction -> {
          Optional<Work> next = works.take(transaction, clock.instant().minus(timing.maxAge()));
          if (next.isPresent()) {
            Work work = next.get();
            LOGGER.info("{}: adding up to {}", work.workCode(), work.addUpTo());
            Computation computation = Computation.addUpTo(work.addUpTo(), timing.step(), clock);
            Announcements.announce(works.finish(transaction, work, computation), events);
            LOGGER.info("{}: done, result {}", work.workCode(), computation.sum());
          }
          return next.isPresent();
        });
  }

  @Override
  public boolean drain(Deadline deadline) {
    ended.countDown();
    try {
      thread.join(Math.max(1, deadline.left().toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOGGER.error("1 work was not finished and stays to be done");
      thread.interrupt();
      return false;
    }
    return true;
  }
}
