package dev.eventcollector;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that are unique across processes, and cheap: 95 random bits that are drawn once, then a
 * counter.
 */
final class EventIds {

  private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuv";
  private static final int RANDOM_CHARACTERS = 19;

  private final String prefix;
  private final AtomicLong counter = new AtomicLong();

  EventIds() {
    SecureRandom random = new SecureRandom();
    StringBuilder text = new StringBuilder(RANDOM_CHARACTERS + 1);
    for (int i = 0; i < RANDOM_CHARACTERS; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    prefix = text.append('-').toString();
  }

  String next() {
    return prefix.concat(Long.toString(counter.incrementAndGet(), Character.MAX_RADIX));
  }
}
