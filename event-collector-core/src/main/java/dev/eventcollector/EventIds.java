package dev.eventcollector;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that are unique across processes, and cheap: 95 random bits that are drawn once, then a
 * counter. Both are written in base 32. All digits but the last are made once for 32 ids. Safe for
 * use by many threads.
 */
final class EventIds {

  private static final int BITS_OF_DIGIT = 5;
  private static final int BASE = 1 << BITS_OF_DIGIT;
  private static final int RANDOM_DIGITS = 19;
  private static final String[] DIGITS = new String[BASE];

  static {
    for (int i = 0; i < BASE; i++) {
      DIGITS[i] = Integer.toString(i, BASE);
    }
  }

  private final String random;
  private final AtomicLong counter = new AtomicLong();
  private Beginning beginning; // of any thread; each caller checks that it has the one it needs

  EventIds() {
    SecureRandom source = new SecureRandom();
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      digits.append(DIGITS[source.nextInt(BASE)]);
    }
    random = digits.append('-').toString();
    beginning = new Beginning(0, random);
  }

  /** The common beginning of 32 ids, whose numbers differ in the last digit only. */
  private record Beginning(long number, String text) {}

  String next() {
    long number = counter.incrementAndGet();
    long allButLast = number >>> BITS_OF_DIGIT;
    Beginning common = beginning;
    if (common.number() != allButLast) {
      common = new Beginning(allButLast, random + Long.toString(allButLast, BASE));
      beginning = common;
    }
    return common.text().concat(DIGITS[(int) number & (BASE - 1)]);
  }
}
