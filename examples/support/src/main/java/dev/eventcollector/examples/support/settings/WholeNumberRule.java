package dev.eventcollector.examples.support.settings;

import java.util.Locale;

/** A whole number within bounds. Subclasses have a constructor without arguments, for picocli. */
public abstract class WholeNumberRule extends Rule<Integer> {

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
    try {
      long number = Long.parseLong(value.strip());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same rule says it.
    }
    throw new IllegalArgumentException(
        String.format(Locale.ROOT, "'%s' must be a whole number from %d to %d", value, min, max));
  }
}
