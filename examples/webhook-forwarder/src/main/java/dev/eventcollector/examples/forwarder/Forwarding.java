package dev.eventcollector.examples.forwarder;

import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads, by default one, that take batches out of the buffer, collect each into their
 * collector and publish it as a chunk.
 */
final class Forwarding {

  private static final Logger LOGGER = LoggerFactory.getLogger(Forwarding.class);
  private static final String QUEUE = "sink";
  private static final long LAST_MOMENT_MILLIS = 2_000;

  private final RecordBuffer buffer;
  private final PublishingEventCollector collector;
  private final SinkHealth health;
  private final @Nullable Spool spool;
  private final Runnable onFailure;
  private final @Nullable SpoolReplay replay;
  private final AtomicInteger posting = new AtomicInteger();
  private final List<Thread> threads;

  private final LongAdder forwarded = new LongAdder();
  private volatile boolean draining;
  private volatile boolean failed;
  private volatile long lost;

  /**
   * Starts nothing yet.
   *
   * @param onFailure called once a batch was given up and there is no spool to take it
   */
  Forwarding(
      Settings settings,
      RecordBuffer buffer,
      SinkHealth health,
      @Nullable Spool spool,
      Runnable onFailure) {
    this.buffer = buffer;
    this.health = health;
    this.spool = spool;
    this.onFailure = onFailure;
    this.replay = spool == null ? null : new SpoolReplay(settings, spool, health, this::isBusy);
    this.collector =
        PublishingEventCollector.builder(new HttpEventPublisher(settings, health))
            .encoder(json -> new PayloadEncoder.Encoded((byte[]) json, "application/json"))
            .maxPendingEvents(Long.MAX_VALUE) // the buffer limits records and bytes
            .maxPendingBytes(Long.MAX_VALUE)
            .publishTimeout(settings.longestPublish())
            .maxAttempts(1) // the publisher itself tries again
            .undeliverableHandler(event -> {}) // the report tells; see giveUp
            .build();
    this.threads =
        IntStream.rangeClosed(1, settings.inFlight())
            .mapToObj(number -> new Thread(this::run, "forwarder-" + number))
            .toList();
  }

  void start() {
    threads.forEach(Thread::start);
    if (replay != null) {
      replay.start();
    }
  }

  /** Whether a live batch is on its way, or should be. */
  private boolean isBusy() {
    return posting.get() > 0 || buffer.isBatchDue();
  }

  private void run() {
    try {
      List<byte[]> batch;
      do {
        batch = buffer.awaitBatch();
      } while (batch != null && forward(batch));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stop() has had no more time
    } catch (RuntimeException | Error e) {
      LOGGER.error("forwarding broke down", e);
      fail();
    }
  }

  private PublishReport publish(List<byte[]> batch) {
    for (byte[] json : batch) {
      collector.enqueueEvent(json, QUEUE);
    }
    return collector.publish();
  }

  /** False when there is no sense in going on. */
  private boolean forward(List<byte[]> batch) {
    PublishReport report;
    posting.incrementAndGet();
    try {
      report = publish(batch);
    } finally {
      posting.decrementAndGet();
    }
    if (report.allConfirmed()) {
      forwarded.add(batch.size());
      buffer.release(batch);
      if (replay != null) {
        replay.sinkAccepted();
      }
      return true;
    }
    collector.withdraw(report); // if the publisher threw, the collector would send them one by one
    if (Thread.currentThread().isInterrupted()) {
      return keep(batch);
    }
    LOGGER
        .atError()
        .addKeyValue("size", batch.size())
        .addKeyValue("reason", LogText.quoted(report.unconfirmed().get(0).outcome().reason()))
        .log("batch given up");
    health.gaveUp();
    if (keep(batch)) {
      if (draining) {
        buffer.abandon();
      }
      return true;
    }
    fail();
    return false;
  }

  /** Writes a batch to the spool, if there is one that works. */
  private boolean keep(List<byte[]> batch) {
    if (spool == null) {
      return false;
    }
    try {
      spool.append(batch);
    } catch (IOException e) {
      LOGGER.error("{} cannot be written", spool, e);
      return false;
    }
    LOGGER
        .atWarn()
        .addKeyValue("size", batch.size())
        .addKeyValue("spooled", spool.size())
        .log("batch spooled");
    buffer.release(batch);
    if (replay != null) {
      replay.spooled();
    }
    return true;
  }

  private void fail() {
    failed = true;
    buffer.abandon();
    onFailure.run();
  }

  /**
   * Takes nothing more in and forwards what is held until the time is over or a batch is given up.
   * What is left then goes to the spool, if there is one.
   *
   * @return how many records could not be forwarded any more, those in the spool included
   */
  int stop(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (replay != null) {
      replay.stop();
    }
    long spooledBefore = spooled();
    draining = true;
    buffer.close();
    if (!failed) {
      join(deadline);
    }
    buffer.abandon();
    threads.forEach(Thread::interrupt);
    join(System.nanoTime() + Duration.ofMillis(LAST_MOMENT_MILLIS).toNanos());
    List<byte[]> waiting = buffer.removeWaiting();
    if (!waiting.isEmpty()) {
      keep(waiting);
    }
    collector.close(Duration.ZERO);
    int held = buffer.state().held();
    if (failed) {
      lost = held;
      buffer.forgetHeld();
    }
    return held + (int) Math.max(0, spooled() - spooledBefore);
  }

  private void join(long deadline) {
    try {
      for (Thread thread : threads) {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis > 0) {
          thread.join(millis);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean hasFailed() {
    return failed;
  }

  long forwarded() {
    return forwarded.sum() + (replay == null ? 0 : replay.forwarded());
  }

  long setAside() {
    return replay == null ? 0 : replay.setAside();
  }

  long lost() {
    return lost;
  }

  long spooled() {
    return spool == null ? 0 : spool.size();
  }
}
