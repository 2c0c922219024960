package dev.eventcollector.examples.faktory;

import java.time.Duration;
import java.util.List;

/** How long a job belongs to the worker that has fetched it (Faktory: {@code reserve_for}). */
final class Reservations {

  static final Duration DEFAULT_ATTEMPT_TIMEOUT = Duration.ofMinutes(10);

  /** The server's shortest reservation (1.10, {@code manager/working.go}). */
  static final Duration LEAST = Duration.ofSeconds(60);

  /** The server's value for a job without one. */
  static final Duration DEFAULT = Duration.ofMinutes(30);

  static final Duration MOST = Duration.ofDays(1);

  private static final Duration LONGEST_ATTEMPT = Duration.ofHours(23);

  /** The rest of a reservation after an attempt that used its whole timeout. */
  private static final Duration BEYOND_ATTEMPT = Duration.ofMinutes(1);

  private static final Duration MOST_FOR_THE_ANSWER = Duration.ofSeconds(30);

  private Reservations() {}

  static void check(Duration attemptTimeout, List<String> problems) {
    if (attemptTimeout.isNegative()
        || attemptTimeout.isZero()
        || attemptTimeout.compareTo(LONGEST_ATTEMPT) > 0) {
      problems.add(
          "attemptTimeout must be positive and at most 23 hours, but is " + attemptTimeout);
    }
  }

  /** For the job, in whole seconds. */
  static long secondsFor(Duration attemptTimeout) {
    return attemptTimeout.plus(BEYOND_ATTEMPT).plusMillis(999).toSeconds();
  }

  /**
   * The reservation that the server derives from a job's {@code reserve_for}; 0 when it has none.
   */
  static Duration of(long seconds) {
    if (seconds == 0) {
      return DEFAULT;
    }
    Duration asked = Duration.ofSeconds(Math.max(0, seconds));
    return asked.compareTo(LEAST) < 0 ? LEAST : asked.compareTo(MOST) > 0 ? MOST : asked;
  }

  /** How long before its end a worker begins to give an answer, so that it comes in time. */
  static Duration timeToAnswer(Duration reservation) {
    Duration tenth = reservation.dividedBy(10);
    return tenth.compareTo(MOST_FOR_THE_ANSWER) < 0 ? tenth : MOST_FOR_THE_ANSWER;
  }
}
