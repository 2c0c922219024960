package dev.eventcollector.examples.forwarder;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the records of the spool, on a thread and at a pace of its own, so that nothing in the
 * spool delays a record that has just come in.
 *
 * <p>A batch that the sink refuses, or fails at twice although it accepts others in between, is
 * halved until one record is left. That record goes to the end of the spool, and the others go on.
 * It is set aside when the sink has refused it again although it accepted something in between: a
 * sink that refuses everything says nothing about a record.
 */
final class SpoolReplay {

  private static final Logger LOGGER = LoggerFactory.getLogger(SpoolReplay.class);
  private static final int MOST_RECORDS = 1_000;
  private static final long MOST_BYTES = 8L << 20;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration BUSY_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_BUSY = Duration.ofSeconds(2);
  private static final int MOST_SUSPECTS = 10_000;
  private static final int REFUSALS = 2;
  private static final int OTHER_FAILURES = 5;

  private final Spool spool;
  private final Sink sink;
  private final SinkHealth health;
  private final BooleanSupplier isBusy;
  private final Duration timeout;
  private final boolean gzip;
  private final int mostRecords;
  private final Thread thread = new Thread(this::run, "spool-replay");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final LongAdder forwarded = new LongAdder();
  private final LongAdder setAside = new LongAdder();
  private volatile boolean stopped;

  // The thread's own:
  private int limit;
  private Duration pause = Duration.ZERO;
  private long pauseEnds;
  private long acceptedBefore;
  private long acceptedAtFailure = Long.MAX_VALUE;
  private final Map<String, Suspect> suspects =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Suspect> eldest) {
          return size() > MOST_SUSPECTS;
        }
      };

  /**
   * A record that was refused by itself.
   *
   * @param accepted posts that the sink had accepted by then
   */
  private record Suspect(int failures, long accepted) {}

  /** It waits while {@code isBusy}, but not for long. */
  SpoolReplay(Settings settings, Spool spool, SinkHealth health, BooleanSupplier isBusy) {
    this.spool = spool;
    this.health = health;
    this.isBusy = isBusy;
    this.sink = new Sink(settings.sink());
    this.gzip = settings.gzip();
    this.timeout = settings.requestTimeout().isZero() ? TIMEOUT : settings.requestTimeout();
    this.mostRecords = settings.batching().size() > 0 ? settings.batching().size() : MOST_RECORDS;
    this.limit = mostRecords;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Something was spooled, because the sink did not accept it. */
  void spooled() {
    tell(() -> pauseAfterFailure());
  }

  /** The sink has accepted a batch that was not from here. */
  void sinkAccepted() {
    if (spool.size() > 0) {
      tell(() -> {});
    }
  }

  private void tell(Runnable change) {
    lock.lock();
    try {
      change.run();
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Stops it at once. Everything that it has not sent stays in the spool. */
  void stop() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join(LONGEST_BUSY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long forwarded() {
    return forwarded.sum();
  }

  long setAside() {
    return setAside.sum();
  }

  private void run() {
    while (!stopped) {
      try {
        awaitTurn();
        step();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOGGER.error("the spool {} cannot be replayed at the moment", spool, e);
        tell(this::pauseAfterFailure);
      }
    }
  }

  /** Waits until there is something to send, the pause is over, and live batches leave room. */
  private void awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long busyUntil = 0;
      while (true) {
        long now = System.nanoTime();
        boolean worksAgain = health.accepted.sum() > acceptedBefore;
        if (spool.size() == 0) {
          news.await();
        } else if (!pause.isZero() && !worksAgain && pauseEnds - now > 0) {
          news.awaitNanos(pauseEnds - now);
        } else if (isBusy.getAsBoolean() && (busyUntil == 0 || busyUntil - now > 0)) {
          busyUntil = busyUntil == 0 ? now + LONGEST_BUSY.toNanos() : busyUntil;
          news.awaitNanos(BUSY_PAUSE.toNanos());
        } else {
          acceptedBefore = health.accepted.sum();
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Only with the lock. */
  private void pauseAfterFailure() {
    Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    pauseEnds = System.nanoTime() + pause.toNanos();
    acceptedBefore = health.accepted.sum();
  }

  private void step() throws IOException {
    List<byte[]> batch = spool.oldest(limit, MOST_BYTES);
    long start = System.nanoTime();
    Sink.Answer answer = sink.post(BatchBody.ofRecords(batch, gzip), timeout);
    if (stopped && !answer.isAccepted()) {
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    long accepted = health.accepted.sum();
    health.count(answer, took);
    LOGGER
        .atInfo()
        .addKeyValue("size", batch.size())
        .addKeyValue("status", answer.status() == 0 ? "none" : answer.status())
        .addKeyValue("duration", LogText.millis(took))
        .addKeyValue("spooled", spool.size())
        .log(answer.isAccepted() ? "spooled batch forwarded" : "spooled batch not accepted");
    if (answer.isAccepted()) {
      forwarded.add(batch.size());
      spool.forget(batch);
      limit = Math.min(mostRecords, 2 * limit);
      acceptedAtFailure = Long.MAX_VALUE;
      tell(() -> pause = Duration.ZERO);
    } else if (batch.size() > 1) {
      boolean isItsFault = answer.refusesContent() || accepted > acceptedAtFailure;
      limit = isItsFault ? batch.size() / 2 : limit;
      acceptedAtFailure = accepted;
      tell(isItsFault ? () -> pause = Duration.ZERO : this::pauseAfterFailure);
    } else {
      suspect(batch, answer);
    }
  }

  private void suspect(List<byte[]> single, Sink.Answer answer) throws IOException {
    String key = LogText.fingerprint(single.get(0));
    long accepted = health.accepted.sum();
    Suspect before = suspects.getOrDefault(key, new Suspect(0, -1));
    int failures = accepted > before.accepted ? before.failures + 1 : before.failures;
    if (failures >= (answer.refusesContent() ? REFUSALS : OTHER_FAILURES)) {
      spool.setAside(single.get(0));
      setAside.increment();
      suspects.remove(key);
      LOGGER
          .atError()
          .addKeyValue("reason", LogText.quoted(answer.reason()))
          .addKeyValue("file", LogText.word(spool.rejectedFile().toString()))
          .log("record set aside: the sink accepts others and refuses this one");
      tell(() -> pause = Duration.ZERO);
      return;
    }
    suspects.put(key, new Suspect(failures, accepted));
    if (spool.size() > 1) {
      spool.moveToEnd(single.get(0));
    }
    tell(this::pauseAfterFailure);
  }
}
