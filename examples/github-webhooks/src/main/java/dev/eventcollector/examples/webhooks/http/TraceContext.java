package dev.eventcollector.examples.webhooks.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which trace something belongs to, and which step of it came before (W3C Trace Context, version
 * 00). It travels as {@code traceparent}, as a header of requests and of messages.
 */
public record TraceContext(String traceId, String parentId, String flags) {

  public static final String HEADER = "traceparent";

  private static final Pattern FORMAT =
      Pattern.compile(
          "([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int TRACE_ID_BYTES = 16;
  private static final int PARENT_ID_BYTES = 8;
  private static final String NOT_SAMPLED = "00";

  /** The sender's; a new one when there is none that can be understood. */
  public static TraceContext of(@Nullable String traceparent) {
    Matcher matcher = FORMAT.matcher(traceparent == null ? "" : traceparent);
    if (!matcher.matches() || !isVersionUnderstood(matcher.group(1), matcher.group(5))) {
      return new TraceContext(random(TRACE_ID_BYTES), random(PARENT_ID_BYTES), NOT_SAMPLED);
    }
    return new TraceContext(matcher.group(2), matcher.group(3), matcher.group(4));
  }

  /** Later versions may say more behind what version 00 says; ff is none (section 3.2.2.1). */
  private static boolean isVersionUnderstood(String version, @Nullable String more) {
    return !version.equals("ff") && (more == null || !version.equals("00"));
  }

  /** The same trace, with a step of our own before whatever comes next. */
  public TraceContext next() {
    return new TraceContext(traceId, random(PARENT_ID_BYTES), flags);
  }

  private static String random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    bytes[0] |= 1; // all zeros would not be an id
    return HexFormat.of().formatHex(bytes);
  }

  /** As the header's value. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "00-%s-%s-%s", traceId, parentId, flags);
  }
}
