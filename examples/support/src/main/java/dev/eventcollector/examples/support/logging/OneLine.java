package dev.eventcollector.examples.support.logging;

/** Texts from elsewhere, such as a value or a server's message, on a line of their own. */
public final class OneLine {

  private static final int MAX_CHARACTERS = 1_000;

  private OneLine() {}

  /** The text without control characters and line ends, and not longer than 1,000 characters. */
  public static String of(String text) {
    String start = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) : text;
    return start.strip().replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
  }
}
