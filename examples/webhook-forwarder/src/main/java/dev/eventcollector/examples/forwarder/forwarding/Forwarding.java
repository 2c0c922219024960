package dev.eventcollector.examples.forwarder.forwarding;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.forwarder.sink.Halving;
import dev.eventcollector.examples.forwarder.sink.HttpEventPublisher;
import dev.eventcollector.examples.forwarder.sink.Posting;
import dev.eventcollector.examples.forwarder.sink.SinkHealth;
import dev.eventcollector.examples.forwarder.spool.Spool;
import dev.eventcollector.examples.forwarder.spool.SpoolReplay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collector that holds the records, and the threads, by default one, that publish its batches.
 */
public final class Forwarding {

  private static final Logger LOGGER = LoggerFactory.getLogger(Forwarding.class);
  private static final long LAST_MOMENT_MILLIS = 2_000;
  private static final int SMALL_RECORD_BYTES = 400;

  private final PublishingEventCollector collector;
  private final Batches batches;
  private final Batching limits;
  private final @Nullable Spool spool;
  private final int foundInSpool;
  private final GivenUpRecords givenUp;
  private final @Nullable SpoolReplay replay;
  private final Runnable onFailure;
  private final AtomicInteger publishing = new AtomicInteger();
  private final List<Thread> threads;

  private volatile boolean draining;
  private volatile boolean failed;

  /**
   * Starts nothing yet.
   *
   * @param inFlight batches that are published at the same time
   * @param onFailure called once a batch was given up and there is no spool to take it
   */
  public Forwarding(
      Batching batching,
      Posting posting,
      int inFlight,
      @Nullable Spool spool,
      SinkHealth health,
      Runnable onFailure) {
    this.limits = batching;
    this.spool = spool;
    this.foundInSpool = spool == null ? 0 : spool.size();
    this.onFailure = onFailure;
    @Nullable Halving halving = spool == null ? null : new Halving(health);
    givenUp = new GivenUpRecords(spool);
    collector =
        PublishingEventCollector.builder(new HttpEventPublisher(posting, health, halving))
            .encoder(json -> new PayloadEncoder.Encoded((byte[]) json, "application/json"))
            .maxPendingEvents(batching.bufferRecords())
            .maxPendingBytes(batching.bufferBytes())
            .maxEventBytes((int) Math.min(Integer.MAX_VALUE, batching.bufferBytes()))
            .publishTimeout(posting.longestPublish())
            .maxAttempts(1) // the publisher itself posts a batch again, as a whole
            .undeliverableHandler(givenUp)
            .build();
    batches = new Batches(collector, batching);
    replay =
        spool == null || halving == null
            ? null
            : new SpoolReplay(spool, posting, batching.size(), health, halving, this::isBusy);
    threads =
        IntStream.rangeClosed(1, inFlight)
            .mapToObj(number -> new Thread(this::run, "forwarder-" + number))
            .toList();
  }

  /** Where records are put. */
  public Batches batches() {
    return batches;
  }

  /** Starts the threads. */
  public void start() {
    threads.forEach(Thread::start);
    if (replay != null) {
      replay.start();
    }
  }

  /** Whether a live batch is on its way, or should be. */
  private boolean isBusy() {
    return publishing.get() > 0 || batches.isDue();
  }

  private void run() {
    try {
      @Nullable UnitOfWork batch;
      do {
        batch = batches.await();
      } while (batch != null && forward(batch));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stop() has had no more time
    } catch (RuntimeException | Error e) {
      LOGGER.error("forwarding broke down", e);
      fail();
    }
  }

  /** False when there is no sense in going on. */
  private boolean forward(UnitOfWork batch) {
    PublishReport report;
    publishing.incrementAndGet();
    try {
      report = batch.publish();
    } finally {
      publishing.decrementAndGet();
    }
    if (report.confirmed() > 0 && replay != null) {
      replay.sinkAccepted();
    }
    return report.undeliverable() == 0 || goOnWithout(report);
  }

  /** After records were given up. */
  private boolean goOnWithout(PublishReport report) {
    if (Thread.currentThread().isInterrupted()) {
      return false; // by stop(), which tells the rest
    }
    LOGGER
        .atError()
        .addKeyValue("size", report.undeliverable())
        .addKeyValue("reason", LogText.quoted(report.unconfirmed().get(0).outcome().reason()))
        .log("batch given up");
    givenUp.sync();
    if (spool == null || !givenUp.keeps()) {
      fail();
      return false;
    }
    LOGGER
        .atWarn()
        .addKeyValue("size", report.undeliverable())
        .addKeyValue("spooled", spool.size())
        .addKeyValue("set_aside", spool.setAside())
        .log("batch spooled");
    if (replay != null) {
      replay.spooled();
    }
    if (draining) {
      batches.abandon();
    }
    return true;
  }

  private void fail() {
    failed = true;
    batches.abandon();
    onFailure.run();
  }

  /**
   * Takes nothing more in and forwards what is held until the time is over or a batch is given up.
   * Records that are left then are given up, and go to the spool if there is one.
   *
   * @return how many records could not be forwarded any more, those in the spool included
   */
  public long stop(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (replay != null) {
      replay.stop();
    }
    long before = keptInFiles();
    draining = true;
    batches.close();
    if (!failed) {
      join(deadline);
    }
    batches.abandon();
    threads.forEach(Thread::interrupt);
    join(System.nanoTime() + Duration.ofMillis(LAST_MOMENT_MILLIS).toNanos());
    collector.close(Duration.ZERO);
    batches.removeAll().forEach(UnitOfWork::publish); // undeliverable at once, as it is closed
    givenUp.sync();
    return totals().held() + totals().lost() + keptInFiles() - before;
  }

  private long keptInFiles() {
    return spool == null ? 0 : spool.size() + spool.setAside();
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

  /** Whether a batch was given up that no spool has taken. */
  public boolean hasFailed() {
    return failed;
  }

  /** Why no record is taken in at the moment; null when records are. */
  public @Nullable String refusesBecause() {
    CollectorState state = collector.state();
    if (batches.isClosed()) {
      return "shutting down";
    }
    boolean isFull =
        state.collected() + state.owed() >= limits.bufferRecords()
            || state.pendingBytes() + SMALL_RECORD_BYTES > limits.bufferBytes();
    return isFull ? "the buffer is full" : null;
  }

  /** The limits of the records held. */
  public Batching limits() {
    return limits;
  }

  /** Bytes that the records held occupy, as the collector estimates them. */
  public long bytesHeld() {
    return collector.state().pendingBytes();
  }

  /** The counts of all records. */
  public Totals totals() {
    CollectorState state = collector.state();
    long unkept = givenUp.unkept();
    return new Totals(
        state.enqueued(),
        foundInSpool,
        state.confirmed() + (replay == null ? 0 : replay.forwarded()),
        state.collected() + state.owed() + (failed ? 0 : unkept),
        failed ? unkept : 0,
        spool == null ? 0 : spool.size(),
        spool == null ? 0 : spool.setAside());
  }
}
