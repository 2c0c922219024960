package dev.eventcollector.examples.forwarder;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher of one's own: posts a chunk as one JSON array, and again some times when the sink
 * does not accept it. A chunk is confirmed as a whole or refused as a whole, so that the collector
 * keeps no backlog of it: the original's rule for retries is this publisher's business. A record is
 * its body alone; headers and properties are not forwarded.
 *
 * <p>Safe for use by many threads.
 */
final class HttpEventPublisher implements EventPublisher {

  private static final Logger LOGGER = LoggerFactory.getLogger(HttpEventPublisher.class);

  private final Sink sink;
  private final Retries retries;
  private final boolean gzip;
  private final Duration requestTimeout;
  private final SinkHealth health;

  HttpEventPublisher(Settings settings, SinkHealth health) {
    this.sink = new Sink(settings.sink());
    this.retries = settings.retries();
    this.gzip = settings.gzip();
    this.requestTimeout = settings.requestTimeout();
    this.health = health;
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    return Collections.nCopies(chunk.size(), publishAsOne(chunk, timeout));
  }

  private Outcome publishAsOne(List<Event> chunk, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    BatchBody body = BatchBody.of(chunk, gzip);
    for (int attempt = 1; ; attempt++) {
      long start = System.nanoTime();
      Sink.Answer answer = sink.post(body, timeoutBefore(deadline));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      health.answered(answer, took);
      if (answer.isAccepted()) {
        LOGGER
            .atInfo()
            .addKeyValue("size", chunk.size())
            .addKeyValue("bytes", body.length())
            .addKeyValue("status", answer.status())
            .addKeyValue("duration", LogText.millis(took))
            .addKeyValue("attempt", attempt)
            .log("batch forwarded");
        return Outcome.confirmed();
      }
      boolean last = attempt > retries.max() || Thread.currentThread().isInterrupted();
      Duration wait = retries.waitBefore(attempt, answer.retryAfter());
      last |= deadline - System.nanoTime() <= wait.toNanos();
      LOGGER
          .atWarn()
          .addKeyValue("size", chunk.size())
          .addKeyValue("bytes", body.length())
          .addKeyValue("status", answer.status() == 0 ? "none" : answer.status())
          .addKeyValue("duration", LogText.millis(took))
          .addKeyValue("attempt", attempt)
          .addKeyValue("reason", LogText.quoted(answer.reason()))
          .addKeyValue("retry_in", last ? "never" : GoDuration.format(wait))
          .log("batch not accepted");
      if (last || !pause(wait)) {
        return Outcome.refused(
            String.format(Locale.ROOT, "%s, at attempt %d", answer.reason(), attempt));
      }
    }
  }

  private Duration timeoutBefore(long deadline) {
    Duration remaining = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    return requestTimeout.isZero() || requestTimeout.compareTo(remaining) > 0
        ? remaining
        : requestTimeout;
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
