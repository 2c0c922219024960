package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.examples.webhooks.page.FailedDeliveries.Changed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far an action on many dead deliveries has come. The action asks before each of them whether
 * it may go on. Safe for use by many threads.
 */
final class Batch {

  /** After that many the reason is a general one, and those behind them would fail as well. */
  static final int MAX_FAILURES = 20;

  /** Of one dead delivery. Returns false when it is not there any more. */
  @FunctionalInterface
  interface Change {
    boolean of(String key) throws IOException;
  }

  private final LongSupplier nanoTime;
  private final long deadline;
  private long askedAt;
  private long longest;
  private long total;
  private long done;
  private long failed;
  private long gone;
  private @Nullable String problem;
  private boolean ended;

  Batch(LongSupplier nanoTime, Duration time) {
    this.nanoTime = nanoTime;
    deadline = nanoTime.getAsLong() + time.toNanos();
  }

  synchronized void expect(long count) {
    total = count;
  }

  /** Whether there is another one, and time for it if it takes as long as the slowest so far. */
  boolean goesOn() {
    long now = nanoTime.getAsLong(); // not under the lock: the result must not wait for it
    synchronized (this) {
      if (done + failed + gone > 0) {
        longest = Math.max(longest, now - askedAt);
      }
      askedAt = now;
      return !ended
          && done + failed + gone < total
          && failed < MAX_FAILURES
          && deadline - now > longest;
    }
  }

  /** Changes as many of these as there is time for. */
  void each(List<String> keys, Change change) {
    expect(keys.size());
    for (String key : keys) {
      if (!goesOn()) {
        break;
      }
      one(key, change);
    }
  }

  void one(String key, Change change) {
    try {
      count(change.of(key), null);
    } catch (IOException e) {
      count(false, e);
    }
  }

  private synchronized void count(boolean isDone, @Nullable IOException reason) {
    if (ended) {
      return; // what has come of the batch is told already
    }
    if (reason != null) {
      failed++;
      note(reason);
    } else if (isDone) {
      done++;
    } else {
      gone++;
    }
  }

  /** Counts those that were changed all at once. */
  synchronized void done(long count) {
    done += count;
  }

  synchronized int failures() {
    return (int) failed;
  }

  /** There are fewer than were expected: somebody else has taken the others. */
  synchronized void noMore() {
    gone = total - done - failed;
  }

  /** Has the action stop before the next one. */
  synchronized void end(IOException reason) {
    ended = true;
    note(reason);
  }

  private void note(IOException reason) {
    if (problem == null) {
      problem = String.valueOf(reason.getMessage());
    }
  }

  /**
   * The result so far.
   *
   * @throws IOException when nothing was done although there was something to do
   */
  synchronized Changed result() throws IOException {
    long left = total - done - failed - gone;
    if (done == 0 && problem != null) {
      throw new IOException(problem);
    }
    if (done == 0 && left > 0) {
      throw new IOException("there was no time for any of them; all are still dead");
    }
    return new Changed(done, failed, left, problem);
  }
}
