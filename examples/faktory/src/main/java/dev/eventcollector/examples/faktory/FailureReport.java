package dev.eventcollector.examples.faktory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a job failed, as Faktory keeps it. Already cut to the server's limits, because it cuts
 * between bytes, and so in the middle of a character (1.10, {@code manager/retry.go}).
 */
record FailureReport(String type, String message, List<String> backtrace) {

  private static final int TYPE_BYTES = 100;
  private static final int MESSAGE_BYTES = 1_000;
  private static final int LINES = 50;
  private static final int LINE_BYTES = 500;
  private static final int LINES_FOR_EACH_CAUSE = 5;

  FailureReport {
    type = cut(type, TYPE_BYTES);
    message = cut(message, MESSAGE_BYTES);
    backtrace = backtrace.stream().limit(LINES).map(line -> cut(line, LINE_BYTES)).toList();
  }

  static FailureReport of(String type, String message) {
    return new FailureReport(type, message, List.of());
  }

  /** Of what a handler threw, whose class is not ours: each of its methods may fail. */
  static FailureReport of(Throwable failure) {
    List<String> lines = new ArrayList<>();
    Throwable one = failure;
    while (one != null && lines.size() < LINES) {
      int own = one == failure ? LINES : LINES_FOR_EACH_CAUSE;
      if (one != failure) {
        lines.add("Caused by: " + one.getClass().getName() + ": " + Reasons.messageOf(one));
      }
      for (StackTraceElement frame : Reasons.stackOf(one)) {
        if (own-- == 0 || lines.size() == LINES - LINES_FOR_EACH_CAUSE && one == failure) {
          break;
        }
        lines.add("at " + frame);
      }
      Throwable cause = Reasons.causeOf(one);
      one = cause == one ? null : cause;
    }
    String message = Reasons.messageOf(failure);
    return new FailureReport(
        failure.getClass().getName(), message.isBlank() ? "no message" : message, lines);
  }

  /** The argument of {@code FAIL}. */
  byte[] argument(String jid) {
    return Json.object(
        json -> {
          json.writeStringProperty("jid", Json.encodable(jid));
          json.writeStringProperty("errtype", type);
          json.writeStringProperty("message", message);
          json.writeName("backtrace");
          json.writeStartArray();
          backtrace.forEach(json::writeString);
          json.writeEndArray();
        });
  }

  /** In one line, for logs and listeners. */
  String summary() {
    return type + ": " + message;
  }

  private static String cut(String text, int bytes) {
    String clean = Json.encodable(text.length() > bytes ? text.substring(0, bytes) : text);
    while (clean.getBytes(StandardCharsets.UTF_8).length > bytes) {
      clean = clean.substring(0, clean.offsetByCodePoints(clean.length(), -1));
    }
    return clean;
  }
}
