package dev.eventcollector.examples.support.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/** A whole number within bounds. Subclasses have a constructor without arguments, for picocli. */
public abstract class WholeNumberRule extends Rule<Integer> {

  /** So few that a long has room for them. */
  private static final Pattern DIGITS = Pattern.compile("[-+]?[0-9]{1,18}");

  private final int min;
  private final int max;

  /** Both bounds are allowed values. */
  protected WholeNumberRule(int min, int max) {
    this.min = min;
    this.max = max;
  }

  @Override
  protected Integer read(String value) {
    return (int) read(value, min, max);
  }

  /**
   * Reads a number, for rules of other types.
   *
   * @throws IllegalArgumentException when it is none, or out of bounds
   */
  public static long read(String value, long min, long max) {
    String text = value.strip();
    if (DIGITS.matcher(text).matches()) {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        String.format(Locale.ROOT, "'%s' must be a whole number from %d to %d", value, min, max));
  }
}
