package dev.eventcollector.examples.forwarder;

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
 * One POST /log: reads the body as it comes in, without blocking a thread, checks it, and puts it
 * into the room taken for it.
 *
 * <p>Safe for use by many threads: the deadline of a body comes on another one.
 */
final class RecordIntake implements Runnable {

  static final int MOST_BYTES = 1 << 20;

  /** How much of a body that is too large is read away, for clients that write before they read. */
  private static final long MOST_BYTES_DISCARDED = 16L << 20;

  private static final byte[] ACCEPTED = "accepted".getBytes(StandardCharsets.UTF_8);
  private static final String FULL = "the buffer is full";

  private final Exchange exchange;
  private final RecordBuffer.Room room;
  private final List<byte[]> parts = new ArrayList<>(1);
  private final Duration timeout;
  private long length;
  private Scheduler.@Nullable Task deadline;
  private boolean isAnswered;

  private RecordIntake(Exchange exchange, RecordBuffer.Room room, Duration timeout) {
    this.exchange = exchange;
    this.room = room;
    this.timeout = timeout;
  }

  /** The body must be there within the timeout. */
  static void take(Exchange exchange, RecordBuffer buffer, Duration timeout) {
    RecordBuffer.@Nullable Room room = buffer.takeRoom();
    if (room == null) {
      exchange.unavailable(buffer.state().closed() ? "shutting down" : FULL);
      return;
    }
    RecordIntake intake = new RecordIntake(exchange, room, timeout);
    boolean asksFirst = exchange.request.getHeaders().contains(HttpHeader.EXPECT);
    if (asksFirst && exchange.request.getLength() > MOST_BYTES) {
      intake.refuseTooLarge();
    } else {
      intake.run();
    }
  }

  /** Reads what is there; is called again when there is more. */
  @Override
  public synchronized void run() {
    if (isAnswered) {
      return;
    }
    Content.Chunk chunk = exchange.request.read();
    while (chunk != null) {
      if (take(chunk)) {
        isAnswered = true;
        stopClock();
        return;
      }
      chunk = exchange.request.read();
    }
    startClock();
    exchange.request.demand(this);
  }

  /** True when the request has been answered with it. */
  private boolean take(Content.Chunk chunk) {
    if (Content.Chunk.isFailure(chunk)) {
      room.close();
      exchange.abort(chunk.getFailure());
      return true;
    }
    try {
      if (!add(chunk)) {
        return true;
      }
    } finally {
      chunk.release();
    }
    if (chunk.isLast()) {
      finish();
      return true;
    }
    return false;
  }

  /** Only for a body that has to be waited for: most come with their head. */
  private void startClock() {
    if (deadline == null) {
      deadline =
          exchange
              .request
              .getComponents()
              .getScheduler()
              .schedule(this::giveUp, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void stopClock() {
    if (deadline != null) {
      deadline.cancel();
    }
  }

  /** The rest of the body has not come in time: its room is for others. */
  private synchronized void giveUp() {
    if (!isAnswered) {
      isAnswered = true;
      parts.clear();
      room.close();
      exchange.errorBeforeEndOfBody(408, "the body did not arrive within the time for it");
    }
  }

  /** False when the request has been answered already. */
  private boolean add(Content.Chunk chunk) {
    int more = chunk.remaining();
    length += more;
    if (length > MOST_BYTES) {
      parts.clear();
      room.close();
      if (length > MOST_BYTES_DISCARDED) {
        refuseTooLarge();
        return false;
      }
    } else if (more > 0) {
      if (!room.grow(more)) {
        room.close();
        exchange.unavailable(FULL);
        return false;
      }
      byte[] part = new byte[more];
      chunk.get(part, 0, more);
      parts.add(part);
    }
    return true;
  }

  private void finish() {
    try (room) {
      if (length > MOST_BYTES) {
        exchange.error(413, "the body must not exceed 1 MiB");
        return;
      }
      byte[] body = body();
      RecordCheck.check(body);
      if (room.fill(body)) {
        exchange.text(201, ACCEPTED);
      } else {
        exchange.unavailable("shutting down");
      }
    } catch (InvalidRecordException e) {
      exchange.error(400, String.valueOf(e.getMessage()));
    }
  }

  private void refuseTooLarge() {
    room.close();
    exchange.errorBeforeEndOfBody(413, "the body must not exceed 1 MiB");
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
