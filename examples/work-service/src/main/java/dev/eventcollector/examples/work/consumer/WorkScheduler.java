package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventsNotConfirmedException;
import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.program.Deadline;
import dev.eventcollector.examples.work.program.Service;
import dev.eventcollector.examples.work.storage.WorkStore;
import io.micrometer.core.instrument.Counter;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does, one after the other, the works that were created through the API. What it announces is
 * noted in the database together with the work, until the broker has it, so that it survives a
 * crash.
 */
final class WorkScheduler implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(WorkScheduler.class);

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
      WorkStore works, EventCollector events, Timing timing, Clock clock, Counter done) {
    this.works = works;
    this.events = events;
    this.timing = timing;
    this.clock = clock;
    this.done = done;
  }

  static WorkScheduler start(
      WorkStore works, EventCollector events, Timing timing, Clock clock, Counter done) {
    WorkScheduler scheduler = new WorkScheduler(works, events, timing, clock, done);
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
      announceWhatIsDue();
      while (ended.getCount() > 0 && finishNext()) {
        announceWhatIsDue();
      }
    } catch (EventsNotConfirmedException e) {
      events.withdraw(e.report()); // the next pass enqueues it anew
      LOGGER.warn("works are done, but not announced yet: {}", e.report());
    } catch (RuntimeException e) {
      LOGGER.warn("trying again in {}", timing.interval(), e);
    }
  }

  private boolean finishNext() throws InterruptedException {
    Optional<Work> finished =
        works.finishNext(
            clock.instant().minus(timing.maxAge()),
            work -> {
              LOGGER.info("{}: adding up to {}", work.workCode(), work.addUpTo());
              return Computation.addUpTo(work.addUpTo(), timing.step(), clock);
            });
    finished.ifPresent(
        work -> {
          done.increment();
          LOGGER.info("{}: done, result {}", work.workCode(), work.result());
        });
    return finished.isPresent();
  }

  private void announceWhatIsDue() {
    for (Work work : works.dueAnnouncements()) {
      AutoPublishingEventCollector.run(
          events,
          () -> {
            Announcements.announce(work, work.workCode(), events);
            events.publishOrThrow();
          });
      works.markAnnounced(work);
    }
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
