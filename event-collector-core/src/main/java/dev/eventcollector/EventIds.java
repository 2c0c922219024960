package dev.eventcollector;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that are unique across processes, and cheap: 95 random bits that are drawn once, then a
 * counter. Both are written in base 32, whose digits need no division.
 */
final class EventIds {

  private static final byte[] DIGITS =
      "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.ISO_8859_1);
  private static final int BITS_OF_DIGIT = 5;
  private static final int RANDOM_DIGITS = 19;

  private final byte[] prefix = new byte[RANDOM_DIGITS + 1];
  private final AtomicLong counter = new AtomicLong();

  EventIds() {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      prefix[i] = DIGITS[random.nextInt(DIGITS.length)];
    }
    prefix[RANDOM_DIGITS] = '-';
  }

  String next() {
    long number = counter.incrementAndGet();
    int bits = Long.SIZE - Long.numberOfLeadingZeros(number);
    int digits = (bits + BITS_OF_DIGIT - 1) / BITS_OF_DIGIT;
    byte[] id = Arrays.copyOf(prefix, prefix.length + digits);
    for (int i = id.length - 1; i >= prefix.length; i--) {
      id[i] = DIGITS[(int) number & (DIGITS.length - 1)];
      number >>>= BITS_OF_DIGIT;
    }
    return new String(id, StandardCharsets.ISO_8859_1);
  }
}
