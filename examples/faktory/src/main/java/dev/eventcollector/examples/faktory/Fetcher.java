package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the threads that fetch a job, handle it, answer it, and fetch the next. */
final class Fetcher implements Runnable {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);

  /** The server answers after 2 s when there is nothing, and after 5 s in any case. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration END_TIMEOUT = Duration.ofMillis(200);
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(10);

  /** An answer of nothing that comes sooner than this would make us ask without a pause. */
  private static final long SOON = TimeUnit.MILLISECONDS.toNanos(500);

  private final WorkerSettings settings;
  private final WorkerLink link;
  private final JobProcess process;
  private final StopSignal stop;
  private final WorkerHealth health;
  private final byte[] queues;

  Fetcher(
      WorkerSettings settings,
      WorkerLink link,
      JobProcess process,
      StopSignal stop,
      WorkerHealth health) {
    this.settings = settings;
    this.link = link;
    this.process = process;
    this.stop = stop;
    this.health = health;
    this.queues = String.join(" ", settings.queues()).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void run() {
    int failures = 0;
    while (stop.mayFetch()) {
      String trouble;
      try {
        trouble = fetchOne();
      } catch (Throwable e) { // errors too: a fetcher that ends is not noticed by anybody
        link.tearDown();
        LOGGER.error(
            "a worker's thread had an unexpected failure and goes on", Reasons.printable(e));
        trouble = Reasons.of(e);
      }
      failures = trouble == null ? 0 : failures + 1;
      if (trouble == null) {
        health.works();
      } else {
        health.fails(trouble);
        stop.pauseFetching(pauseAfter(failures));
      }
    }
    link.end(END_TIMEOUT);
  }

  /** Up to a fifth less or more, so that many workers do not come back at once. */
  private static long pauseAfter(int failures) {
    long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures - 1, 10));
    return pause * ThreadLocalRandom.current().nextLong(80, 121) / 100;
  }

  /** The error; null when there was none. */
  private @Nullable String fetchOne() {
    long fetchedAt = settings.clock().getAsLong();
    long start = System.nanoTime();
    Reply reply;
    try {
      reply = link.call("FETCH", queues, TIMEOUT);
    } catch (IOException e) {
      return Reasons.of(e);
    }
    if (reply instanceof Reply.Bulk bulk) {
      byte @Nullable [] job = bulk.bytes();
      if (job != null && job.length > 0) {
        health.works();
        process.handle(job, fetchedAt, link);
        Thread.interrupted(); // whatever a handler has left behind
      } else if (System.nanoTime() - start < SOON) {
        stop.pauseFetching(FIRST_PAUSE);
      }
      return null;
    }
    link.tearDown();
    return reply instanceof Reply.Failure failure ? failure.message() : reply.description();
  }
}
