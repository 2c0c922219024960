package dev.eventcollector.examples.forwarder.sink;

/**
 * Whether the sink is known to be down: two batches in a row were given up, and nothing has been
 * accepted since. Then only one batch is posted from time to time, to find out. Safe for use by
 * many threads.
 */
final class Outage {

  private static final int GIVEN_UP = 2;
  private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;

  private volatile int givenUp;
  private long pause = FIRST_PAUSE_NANOS;
  private long nextPost;

  /** Whether the sink is down, as far as one knows. */
  boolean isKnown() {
    return givenUp >= GIVEN_UP;
  }

  /** Whether to post now; in an outage it uses up the turn. */
  boolean mayPost() {
    return !isKnown() || takeTurn();
  }

  private synchronized boolean takeTurn() {
    long now = System.nanoTime();
    if (nextPost - now > 0) {
      return false;
    }
    nextPost = now + pause;
    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    return true;
  }

  /** A batch was given up after its attempts. */
  synchronized void gaveUp() {
    givenUp++;
    nextPost = System.nanoTime() + pause;
  }

  /** The sink has accepted a batch. */
  void accepted() {
    if (givenUp > 0) {
      end();
    }
  }

  private synchronized void end() {
    givenUp = 0;
    pause = FIRST_PAUSE_NANOS;
  }
}
