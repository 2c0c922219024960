package dev.eventcollector.examples.forwarder.log;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** How values look in the log, so that a line stays one line of {@code key=value}. */
public final class LogText {

  private static final long NANOS_PER_MICRO = 1_000;
  private static final int MICROS_PER_MILLI = 1_000;
  private static final int LONGEST_WORD = 200;
  private static final int LONGEST_TEXT = 500;

  private LogText() {}

  public static String millis(Duration duration) {
    return millis(duration.toNanos());
  }

  /** For example {@code 12.345ms}. */
  public static String millis(long nanos) {
    long micros = nanos / NANOS_PER_MICRO;
    int fraction = (int) (micros % MICROS_PER_MILLI);
    return micros / MICROS_PER_MILLI
        + (fraction < 10 ? ".00" : fraction < 100 ? ".0" : ".")
        + fraction
        + "ms";
  }

  /** A text of ours, which has spaces. */
  public static String quoted(String text) {
    String start = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "..." : text;
    return '"' + start.replaceAll("[\"\\\\\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "'") + '"';
  }

  /** Tells a text from others without being as long. */
  public static String fingerprint(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /**
   * A word from outside: nobody writes lines of their own into the log by the path they ask for.
   */
  public static String word(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i)) || i == LONGEST_WORD) {
        return shortened(text);
      }
    }
    return text;
  }

  private static String shortened(String text) {
    StringBuilder word = new StringBuilder(text);
    word.setLength(Math.min(text.length(), LONGEST_WORD));
    for (int i = 0; i < word.length(); i++) {
      if (!isPlain(word.charAt(i))) {
        word.setCharAt(i, '?');
      }
    }
    return text.length() > LONGEST_WORD ? word.append("...").toString() : word.toString();
  }

  private static boolean isPlain(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\';
  }
}
