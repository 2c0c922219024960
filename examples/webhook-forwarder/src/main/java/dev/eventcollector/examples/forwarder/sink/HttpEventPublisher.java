package dev.eventcollector.examples.forwarder.sink;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.support.settings.TimeRule;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher of one's own: posts a chunk as one JSON array, and again some times when the sink
 * does not accept it. A record is its body alone; headers and properties are not forwarded.
 *
 * <p>The outcomes are CONFIRMED for records that the sink has accepted, REFUSED for records that it
 * refuses while it accepts others, and NACKED for all others. None is UNKNOWN: the collector would
 * retry those one by one, while the original's rule is "the whole batch, 3 times".
 *
 * <p>Safe for use by many threads.
 */
public final class HttpEventPublisher implements EventPublisher {

  private static final Logger LOGGER = LoggerFactory.getLogger(HttpEventPublisher.class);
  private static final String HALVES = "halves";

  private final Sink sink;
  private final Posting posting;
  private final SinkHealth health;
  private final @Nullable Halving halving;

  /**
   * Posts nothing yet.
   *
   * @param halving finds refused records in a batch, and batches in an outage get fewer attempts;
   *     null: each batch is posted as a whole, with all attempts, as the original does
   */
  public HttpEventPublisher(Posting posting, SinkHealth health, @Nullable Halving halving) {
    this.sink = new Sink(posting.sink());
    this.posting = posting;
    this.health = health;
    this.halving = halving;
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    List<byte[]> records = chunk.stream().map(Event::body).toList();
    if (halving != null && !health.outage.mayPost()) {
      return Collections.nCopies(chunk.size(), Outcome.nacked("the sink is known to be down"));
    }
    return new Publication(records, timeout).publish();
  }

  /** The attempts to publish one chunk. */
  private final class Publication {

    private final List<byte[]> records;
    private final long deadline;
    private int attempt = 1;

    Publication(List<byte[]> records, Duration timeout) {
      this.records = records;
      this.deadline = System.nanoTime() + timeout.toNanos();
    }

    List<Outcome> publish() {
      BatchBody body = BatchBody.of(records, posting.gzip());
      while (true) {
        long start = System.nanoTime();
        Sink.Answer answer = post(body);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (answer.isAccepted()) {
          logAccepted(records.size(), body, answer, took);
          return Collections.nCopies(records.size(), Outcome.confirmed());
        }
        if (halving != null && answer.refusesContent()) {
          logFailed(records.size(), body, answer, took, HALVES);
          List<Outcome> outcomes = halving.split(records, answer, this::postPart);
          health.forgetTrouble();
          return outcomes;
        }
        Duration wait = posting.retries().waitBefore(attempt, answer.retryAfter());
        boolean last = isLast(wait);
        logFailed(records.size(), body, answer, took, last ? "never" : TimeRule.format(wait));
        if (last || !pause(wait)) {
          health.gaveUp();
          String reason = String.format(Locale.ROOT, "%s, at attempt %d", answer.reason(), attempt);
          return Collections.nCopies(records.size(), Outcome.nacked(reason));
        }
        attempt++;
      }
    }

    private boolean isLast(Duration wait) {
      return attempt > posting.retries().max()
          || halving != null && health.outage.isKnown()
          || Thread.currentThread().isInterrupted()
          || deadline - System.nanoTime() <= wait.toNanos();
    }

    private Sink.Answer post(BatchBody body) {
      long start = System.nanoTime();
      Sink.Answer answer = sink.post(body, timeout());
      health.answered(answer, Duration.ofNanos(System.nanoTime() - start));
      return answer;
    }

    private Sink.Answer postPart(List<byte[]> part) {
      BatchBody body = BatchBody.of(part, posting.gzip());
      long start = System.nanoTime();
      Sink.Answer answer = post(body);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (answer.isAccepted()) {
        logAccepted(part.size(), body, answer, took);
      } else {
        logFailed(part.size(), body, answer, took, part.size() > 1 ? HALVES : "never");
      }
      return answer;
    }

    private Duration timeout() {
      Duration remaining = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
      Duration limit = posting.requestTimeout();
      return limit.isZero() || limit.compareTo(remaining) > 0 ? remaining : limit;
    }

    private void logAccepted(int size, BatchBody body, Sink.Answer answer, Duration took) {
      LOGGER
          .atInfo()
          .addKeyValue("size", size)
          .addKeyValue("bytes", body.length())
          .addKeyValue("status", answer.status())
          .addKeyValue("duration", LogText.millis(took))
          .addKeyValue("attempt", attempt)
          .log("batch forwarded");
    }

    private void logFailed(
        int size, BatchBody body, Sink.Answer answer, Duration took, String retry) {
      LOGGER
          .atWarn()
          .addKeyValue("size", size)
          .addKeyValue("bytes", body.length())
          .addKeyValue("status", answer.status() == 0 ? "none" : answer.status())
          .addKeyValue("duration", LogText.millis(took))
          .addKeyValue("attempt", attempt)
          .addKeyValue("reason", LogText.quoted(answer.reason()))
          .addKeyValue("retry_in", retry)
          .log("batch not accepted");
    }
  }

  private static boolean pause(Duration wait) {
    try {
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public String toString() {
    return "HttpEventPublisher[" + sink + "]";
  }
}
