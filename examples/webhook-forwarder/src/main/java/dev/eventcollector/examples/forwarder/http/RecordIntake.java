package dev.eventcollector.examples.forwarder.http;

import dev.eventcollector.CollectorClosedException;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.examples.forwarder.forwarding.Batches;
import dev.eventcollector.examples.forwarder.records.InvalidRecordException;
import dev.eventcollector.examples.forwarder.records.RecordCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * One POST /log: reads the body as it comes in, without blocking a thread, checks it, and adds it
 * to a batch. Most bodies come with their head; one that has to be waited for takes room among the
 * {@link IncomingBodies}, and has a deadline and a least speed.
 *
 * <p>Safe for use by many threads: the clock is on another one.
 */
final class RecordIntake implements Runnable {

  /** How much of a body that is refused is read away, for clients that write before they read. */
  private static final long MOST_BYTES_DISCARDED = 16L << 20;

  /** How often the speed is looked at. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The least that has to come in between two looks of a body that holds much room. */
  private static final long LEAST_BYTES = 1_024;

  private static final long MUCH_ROOM = 16 * 1_024;

  private static final byte[] ACCEPTED = "accepted".getBytes(StandardCharsets.UTF_8);
  private static final String FULL = "the buffer is full";
  private static final String TOO_LARGE = "the body must not exceed 1 MiB";

  private final Exchange exchange;
  private final Batches batches;
  private final IncomingBodies incoming;
  private final Duration timeout;
  private final List<byte[]> parts = new ArrayList<>(1);
  private final long start = System.nanoTime();

  // Guarded by this:
  private long length;
  private long taken;
  private boolean isRefused; // for lack of room, or as too large
  private Scheduler.@Nullable Task clock;
  private long lengthAtLook;
  private boolean isAnswered;

  private RecordIntake(
      Exchange exchange, Batches batches, IncomingBodies incoming, Duration timeout) {
    this.exchange = exchange;
    this.batches = batches;
    this.incoming = incoming;
    this.timeout = timeout;
  }

  /** The body must be there within the timeout. */
  static void take(Exchange exchange, Batches batches, IncomingBodies incoming, Duration timeout) {
    RecordIntake intake = new RecordIntake(exchange, batches, incoming, timeout);
    boolean asksFirst = exchange.request.getHeaders().contains(HttpHeader.EXPECT);
    if (asksFirst && exchange.request.getLength() > RecordCheck.MOST_BYTES) {
      exchange.errorBeforeEndOfBody(413, TOO_LARGE);
    } else {
      intake.run();
    }
  }

  /** Reads what is there; is called again when there is more. */
  @Override
  public synchronized void run() {
    while (!isAnswered) {
      Content.Chunk chunk = exchange.request.read();
      if (chunk == null) {
        awaitMore();
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        end();
        exchange.abort(chunk.getFailure());
        return;
      }
      try {
        add(chunk);
      } finally {
        chunk.release();
      }
      if (chunk.isLast() && !isAnswered) {
        finish();
      }
    }
  }

  private void add(Content.Chunk chunk) {
    int more = chunk.remaining();
    length += more;
    if (length > RecordCheck.MOST_BYTES) {
      refuse();
      if (length > MOST_BYTES_DISCARDED) {
        end();
        exchange.errorBeforeEndOfBody(413, TOO_LARGE);
      }
    } else if (more > 0 && !isRefused) {
      byte[] part = new byte[more];
      chunk.get(part, 0, more);
      parts.add(part);
    }
  }

  private void awaitMore() {
    if (!isRefused) {
      long more = length - taken;
      if (incoming.tryTake(more)) {
        taken += more;
      } else {
        refuse();
      }
    }
    if (clock == null) {
      lookLater();
    }
    exchange.request.demand(this);
  }

  /** Keeps nothing of the body, and reads the rest away. */
  private void refuse() {
    isRefused = true;
    parts.clear();
    incoming.giveBack(taken);
    taken = 0;
  }

  private void lookLater() {
    long left = timeout.toNanos() - (System.nanoTime() - start);
    clock =
        exchange
            .request
            .getComponents()
            .getScheduler()
            .schedule(this::look, Math.max(1, Math.min(left, LOOK_NANOS)), TimeUnit.NANOSECONDS);
  }

  /** The rest of a body that is late or too slow is not waited for: its room is for others. */
  private synchronized void look() {
    if (isAnswered) {
      return;
    }
    boolean isLate = System.nanoTime() - start >= timeout.toNanos();
    boolean isSlow = lengthAtLook > MUCH_ROOM && length - lengthAtLook < LEAST_BYTES;
    if (isLate || isSlow) {
      end();
      exchange.errorBeforeEndOfBody(
          408,
          isLate
              ? "the body did not arrive within the time for it"
              : "the body comes in too slowly");
    } else {
      lengthAtLook = length;
      lookLater();
    }
  }

  /** The request is about to be answered. */
  private void end() {
    isAnswered = true;
    if (clock != null) {
      clock.cancel();
    }
    parts.clear();
    incoming.giveBack(taken);
    taken = 0;
  }

  private void finish() {
    byte @Nullable [] body = isRefused ? null : body();
    end();
    if (body == null) {
      if (length > RecordCheck.MOST_BYTES) {
        exchange.error(413, TOO_LARGE);
      } else {
        exchange.unavailable("too many bodies are coming in");
      }
      return;
    }
    try {
      RecordCheck.check(body);
      batches.add(body);
      exchange.text(201, ACCEPTED);
    } catch (InvalidRecordException e) {
      exchange.error(400, String.valueOf(e.getMessage()));
    } catch (TooManyPendingEventsException e) {
      exchange.unavailable(FULL);
    } catch (CollectorClosedException e) {
      exchange.unavailable("shutting down");
    }
  }

  private byte[] body() {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    byte[] body = new byte[(int) length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, body, at, part.length);
      at += part.length;
    }
    return body;
  }
}
