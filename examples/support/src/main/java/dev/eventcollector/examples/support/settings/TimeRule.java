package dev.eventcollector.examples.support.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time within bounds, written as in Go: {@code 500ms}, {@code 1.5s}, {@code 1m30s}, {@code 6h}.
 * Subclasses have a constructor without arguments, for picocli.
 */
public abstract class TimeRule extends Rule<Duration> {

  private static final Pattern WHOLE =
      Pattern.compile("([-+]?)((?:(?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+)");
  private static final Pattern PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final String min;
  private final String max;

  /** Both bounds are allowed values. */
  protected TimeRule(String min, String max) {
    this.min = min;
    this.max = max;
  }

  @Override
  protected Duration read(String value) {
    try {
      Duration time = parse(value.strip());
      if (time.compareTo(parse(min)) >= 0 && time.compareTo(parse(max)) <= 0) {
        return time;
      }
    } catch (NotATimeException e) {
      // The same rule says it.
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "'%s' must be a time such as 500ms, 5s or 1m30s, from %s to %s",
            value,
            min,
            max));
  }

  /** A text that is no time. */
  private static final class NotATimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static Duration parse(String text) {
    if (text.matches("[-+]?0")) {
      return Duration.ZERO;
    }
    Matcher whole = WHOLE.matcher(text);
    if (!whole.matches()) {
      throw new NotATimeException();
    }
    BigDecimal nanos = BigDecimal.ZERO;
    for (Matcher part = PART.matcher(whole.group(2)); part.find(); ) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosPer(part.group(2))));
    }
    if (nanos.compareTo(LONGEST) > 0) {
      throw new NotATimeException();
    }
    return Duration.ofNanos(whole.group(1).equals("-") ? -nanos.longValue() : nanos.longValue());
  }

  private static BigDecimal nanosPer(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs", "μs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          default -> 3_600_000_000_000L;
        });
  }

  /** The text of a time that is not negative, as a value may be written: {@code 1m30s}. */
  public static String format(Duration time) {
    if (time.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    if (time.toHours() > 0) {
      text.append(time.toHours()).append('h');
    }
    if (time.toMinutesPart() > 0) {
      text.append(time.toMinutesPart()).append('m');
    }
    BigDecimal seconds =
        BigDecimal.valueOf(time.toSecondsPart()).add(BigDecimal.valueOf(time.toNanosPart(), 9));
    if (seconds.signum() == 0) {
      return text.toString();
    }
    return text.isEmpty() && seconds.compareTo(BigDecimal.ONE) < 0
        ? plain(seconds.movePointRight(3)) + "ms"
        : text.append(plain(seconds)).append('s').toString();
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
