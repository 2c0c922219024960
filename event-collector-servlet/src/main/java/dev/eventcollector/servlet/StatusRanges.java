package dev.eventcollector.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Counts a response with one of these statuses as a success. */
final class StatusRanges implements EventPublishingFilter.SuccessRule {

  static final StatusRanges BELOW_400 = new StatusRanges("100-399", range(100, 399));

  private static final int LOWEST = 100;
  private static final int HIGHEST = 599;
  private static final Pattern RANGE = Pattern.compile("([1-5]\\d\\d)(?:\\s*-\\s*([1-5]\\d\\d))?");

  private final String text;
  private final BitSet statuses;

  private StatusRanges(String text, BitSet statuses) {
    this.text = text;
    this.statuses = statuses;
  }

  /** Null when the text breaks the {@link #rule()}. */
  static @Nullable StatusRanges parse(String text) {
    BitSet statuses = new BitSet();
    for (String part : text.split(",", -1)) {
      Matcher range = RANGE.matcher(part.strip());
      if (!range.matches()) {
        return null;
      }
      int first = Integer.parseInt(range.group(1));
      int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
      if (last < first) {
        return null;
      }
      statuses.or(range(first, last));
    }
    return new StatusRanges(text, statuses);
  }

  static String rule() {
    return String.format(
        Locale.ROOT,
        "must list statuses and ranges of statuses from %d to %d, for example 100-399,404",
        LOWEST,
        HIGHEST);
  }

  private static BitSet range(int first, int last) {
    BitSet range = new BitSet();
    range.set(first, last + 1);
    return range;
  }

  @Override
  public boolean isSuccess(HttpServletRequest request, int status) {
    return contain(status);
  }

  boolean contain(int status) {
    return status >= LOWEST && statuses.get(status); // Jetty takes -1 for an abort
  }

  @Override
  public String toString() {
    return text;
  }
}
