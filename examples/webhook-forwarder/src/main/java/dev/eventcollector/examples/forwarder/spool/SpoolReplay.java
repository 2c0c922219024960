package dev.eventcollector.examples.forwarder.spool;

import dev.eventcollector.Outcome;
import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.forwarder.sink.BatchBody;
import dev.eventcollector.examples.forwarder.sink.Halving;
import dev.eventcollector.examples.forwarder.sink.Posting;
import dev.eventcollector.examples.forwarder.sink.Sink;
import dev.eventcollector.examples.forwarder.sink.SinkHealth;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the records of the spool, on a thread and at a {@linkplain ReplayPace pace} of its own, so
 * that nothing in the spool delays a record that has just come in.
 *
 * <p>A batch that the sink refuses, or does not answer twice although it accepts others in between,
 * is halved. Records that are not accepted go to the end of the spool, unless the sink is down.
 */
public final class SpoolReplay {

  private static final Logger LOGGER = LoggerFactory.getLogger(SpoolReplay.class);
  private static final int MOST_RECORDS = 1_000;
  private static final long MOST_BYTES = 8L << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long STOP_MILLIS = 2_000;

  private final Spool spool;
  private final Sink sink;
  private final SinkHealth health;
  private final Halving halving;
  private final Duration timeout;
  private final boolean gzip;
  private final int mostRecords;
  private final ReplayPace pace;
  private final Thread thread = new Thread(this::run, "spool-replay");
  private final LongAdder forwarded = new LongAdder();
  private volatile boolean stopped;

  // The thread's own:
  private long acceptedAtFailure = Long.MAX_VALUE;
  private boolean answered;

  /**
   * Starts nothing yet.
   *
   * @param batchSize records in a full batch; 0 for no limit
   * @param isBusy whether live batches are to go before, but not for long
   */
  public SpoolReplay(
      Spool spool,
      Posting posting,
      int batchSize,
      SinkHealth health,
      Halving halving,
      BooleanSupplier isBusy) {
    this.spool = spool;
    this.health = health;
    this.halving = halving;
    this.pace = new ReplayPace(() -> spool.size() > 0, () -> health.posts().accepted(), isBusy);
    this.sink = new Sink(posting.sink());
    this.gzip = posting.gzip();
    this.timeout = posting.requestTimeout().isZero() ? TIMEOUT : posting.requestTimeout();
    this.mostRecords = batchSize > 0 ? batchSize : MOST_RECORDS;
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Something was spooled, because the sink did not accept it. */
  public void spooled() {
    pace.failed();
  }

  /** The sink has accepted a batch that was not from here. */
  public void sinkAccepted() {
    if (spool.size() > 0) {
      pace.lookAgain();
    }
  }

  /** Stops it at once. Everything that it has not sent stays in the spool. */
  public void stop() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Records of the spool that the sink has accepted. */
  public long forwarded() {
    return forwarded.sum();
  }

  private void run() {
    while (!stopped) {
      try {
        pace.awaitTurn();
        step();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOGGER.error("the spool {} cannot be replayed at the moment", spool, e);
        pace.failed();
      }
    }
  }

  private void step() throws IOException {
    List<byte[]> batch = spool.oldest(mostRecords, MOST_BYTES);
    long acceptedBefore = health.posts().accepted();
    Halving.Blame blame =
        acceptedBefore > acceptedAtFailure ? Halving.Blame.ANY_FAILURE : Halving.Blame.ERRORS;
    List<Outcome> outcomes = halving.post(batch, this::post, blame);
    if (settle(batch, outcomes)) {
      acceptedAtFailure = Long.MAX_VALUE;
      pace.worked();
    } else if (!stopped) {
      acceptedAtFailure = acceptedBefore;
      pace.failed();
    }
  }

  private Sink.Answer post(List<byte[]> records) {
    pace.letOthersGoFirst();
    long start = System.nanoTime();
    Sink.Answer answer = sink.post(BatchBody.of(records, gzip), timeout);
    answered = answer.status() != 0;
    if (stopped && !answer.isAccepted()) {
      return answer;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    health.count(answer, took);
    LOGGER
        .atInfo()
        .addKeyValue("size", records.size())
        .addKeyValue("status", answer.status() == 0 ? "none" : answer.status())
        .addKeyValue("duration", LogText.millis(took))
        .addKeyValue("spooled", spool.size())
        .log(answer.isAccepted() ? "spooled batch forwarded" : "spooled batch not accepted");
    return answer;
  }

  /** True when any record has left the spool. */
  private boolean settle(List<byte[]> batch, List<Outcome> outcomes) throws IOException {
    List<byte[]> again = new ArrayList<>();
    int accepted = 0;
    for (int i = 0; i < batch.size(); i++) {
      Outcome outcome = outcomes.get(i);
      if (outcome.isConfirmed()) {
        accepted++;
      } else if (outcome.status() != Outcome.Status.REFUSED
          || !spool.setAside(batch.get(i), outcome.reason())) {
        again.add(batch.get(i));
      }
    }
    boolean anyLeft = again.size() < batch.size();
    // A sink that answers may take those behind; one that does not answer gets them in order.
    if (anyLeft || (answered && spool.size() > batch.size())) {
      spool.replace(batch, again);
      forwarded.add(accepted);
    }
    return anyLeft;
  }
}
