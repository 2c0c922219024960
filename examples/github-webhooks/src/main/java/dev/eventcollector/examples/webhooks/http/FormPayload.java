package dev.eventcollector.examples.webhooks.http;

import static jakarta.servlet.http.HttpServletResponse.SC_BAD_REQUEST;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The field {@code payload} of a form. It is decoded where it is, byte by byte: with 25 MB of it,
 * texts of the form, the field and the decoded value would take ten times that.
 */
final class FormPayload {

  private static final byte[] FIELD = "payload=".getBytes(StandardCharsets.US_ASCII);
  private static final int RADIX = 16;

  private FormPayload() {}

  /**
   * Decodes the field, and destroys the form.
   *
   * @throws RejectedException when there is no such field, or it is not URL-encoded
   */
  static byte[] take(byte[] form) throws RejectedException {
    int start = 0;
    while (start < form.length) {
      int end = endOfField(form, start);
      int value = start + FIELD.length;
      if (value <= end && Arrays.equals(form, start, value, FIELD, 0, FIELD.length)) {
        return Arrays.copyOfRange(form, value, decode(form, value, end));
      }
      start = end + 1;
    }
    throw new RejectedException(SC_BAD_REQUEST, "the form has no field payload");
  }

  private static int endOfField(byte[] form, int start) {
    int end = start;
    while (end < form.length && form[end] != '&') {
      end++;
    }
    return end;
  }

  /** Returns where the decoded value ends. */
  private static int decode(byte[] form, int start, int end) throws RejectedException {
    int to = start;
    for (int from = start; from < end; from++) {
      byte b = form[from];
      if (b == '%') {
        int high = digit(form, from + 1, end);
        int low = digit(form, from + 2, end);
        if (high < 0 || low < 0) {
          throw new RejectedException(
              SC_BAD_REQUEST, "the form's field payload is not URL-encoded");
        }
        form[to++] = (byte) (high * RADIX + low);
        from += 2;
      } else {
        form[to++] = b == '+' ? (byte) ' ' : b;
      }
    }
    return to;
  }

  private static int digit(byte[] form, int at, int end) {
    return at < end && form[at] > 0 ? Character.digit((char) form[at], RADIX) : -1;
  }
}
