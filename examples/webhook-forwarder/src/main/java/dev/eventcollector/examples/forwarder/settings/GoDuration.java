package dev.eventcollector.examples.forwarder.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go's {@code time.ParseDuration} reads them: {@code 1m30s}, {@code 500ms}. */
public final class GoDuration {

  private static final Pattern WHOLE =
      Pattern.compile("([-+]?)((?:(?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+)");
  private static final Pattern PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * The duration that a text stands for.
   *
   * @throws IllegalArgumentException when it is none, or longer than 2^63-1 nanoseconds
   */
  public static Duration parse(String text) {
    if (text.matches("[-+]?0")) {
      return Duration.ZERO;
    }
    Matcher whole = WHOLE.matcher(text);
    if (!whole.matches()) {
      throw new IllegalArgumentException("not a duration: " + text);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    for (Matcher part = PART.matcher(whole.group(2)); part.find(); ) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosPer(part.group(2))));
    }
    if (nanos.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("too long a duration: " + text);
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

  /** A text that {@link #parse} reads back, with one unit for each part: {@code 1m30s}. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.isNegative()) {
      return "-" + format(duration.negated());
    }
    StringBuilder text = new StringBuilder();
    if (duration.toHours() > 0) {
      text.append(duration.toHours()).append('h');
    }
    if (duration.toMinutesPart() > 0) {
      text.append(duration.toMinutesPart()).append('m');
    }
    BigDecimal seconds =
        BigDecimal.valueOf(duration.toSecondsPart())
            .add(BigDecimal.valueOf(duration.toNanosPart(), 9));
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
