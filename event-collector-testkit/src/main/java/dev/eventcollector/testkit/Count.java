package dev.eventcollector.testkit;

/**
 * The expected number of events.
 *
 * <p>Immutable.
 */
public final class Count {

  private final int least;
  private final int most;
  private final String text;

  private Count(int least, int most, String text) {
    if (least < 0) {
      throw new IllegalArgumentException("a count must not be negative, but is " + least);
    }
    this.least = least;
    this.most = most;
    this.text = text;
  }

  static Count exactly(int count) {
    return new Count(count, count, count == 0 ? "no" : "exactly " + count);
  }

  static Count atLeast(int count) {
    return new Count(count, Integer.MAX_VALUE, "at least " + count);
  }

  boolean accepts(int count) {
    return count >= least && count <= most;
  }

  boolean isTooFew(int count) {
    return count < least;
  }

  /** The number of events that an expectation with this count covers. */
  int most() {
    return most;
  }

  /** For example {@code at least 2 events}. */
  @Override
  public String toString() {
    return text + (least == 1 ? " event" : " events");
  }
}
