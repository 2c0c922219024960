package dev.eventcollector.examples.forwarder.records;

import java.time.YearMonth;

/** Timestamps as RFC 3339, section 5.6, has them, with upper-case T and Z, as Go reads them. */
final class Rfc3339 {

  private static final int SECONDS_END = 19;

  private Rfc3339() {}

  /** Whether a text is such a timestamp: {@code 2020-08-08T01:52:50Z}. */
  static boolean isTimestamp(String text) {
    return text.length() > SECONDS_END
        && text.charAt(4) == '-'
        && text.charAt(7) == '-'
        && text.charAt(10) == 'T'
        && text.charAt(13) == ':'
        && text.charAt(16) == ':'
        && isDate(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
        && isWithin(number(text, 11, 13), 23)
        && isWithin(number(text, 14, 16), 59)
        && isWithin(number(text, 17, SECONDS_END), 59)
        && isOffset(text, endOfFraction(text));
  }

  private static boolean isDate(int year, int month, int day) {
    return year >= 0
        && month >= 1
        && month <= 12
        && day >= 1
        && day <= YearMonth.of(year, month).lengthOfMonth();
  }

  private static boolean isWithin(int value, int largest) {
    return value >= 0 && value <= largest;
  }

  /** Where the offset begins; -1 when a point has no digits behind it. */
  private static int endOfFraction(String text) {
    if (text.charAt(SECONDS_END) != '.') {
      return SECONDS_END;
    }
    int end = SECONDS_END + 1;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end == SECONDS_END + 1 ? -1 : end;
  }

  private static boolean isOffset(String text, int start) {
    if (start < 0 || start >= text.length()) {
      return false;
    }
    char sign = text.charAt(start);
    if (sign == 'Z') {
      return text.length() == start + 1;
    }
    return (sign == '+' || sign == '-')
        && text.length() == start + 6
        && text.charAt(start + 3) == ':'
        && isWithin(number(text, start + 1, start + 3), 23)
        && isWithin(number(text, start + 4, start + 6), 59);
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
