package dev.eventcollector.testkit;

import dev.eventcollector.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** Events as the reader of a failed test wants to see them. */
final class Printout {

  private static final int LONGEST_PAYLOAD = 1_000;

  private Printout() {}

  /** A heading and a numbered line for each event. */
  static String of(RecordedEvents events) {
    if (events.isEmpty()) {
      return "nothing was recorded";
    }
    StringBuilder text = new StringBuilder();
    text.append(events.size() == 1 ? "1 event was" : events.size() + " events were");
    text.append(" recorded:");
    int number = 0;
    for (Iterator<RecordedEvent> all = events.iterator(); all.hasNext(); ) {
      text.append("\n  ").append(++number).append(". ").append(of(all.next()));
    }
    return text.toString();
  }

  /** One line: stage, queue, payload, headers, origin. */
  static String of(RecordedEvent event) {
    return "%s to %s: %s%s  [%s]"
        .formatted(
            stage(event),
            event.queue(),
            payload(event),
            event.headers().isEmpty() ? "" : "  headers " + event.headers(),
            "unit %d, thread %s, id %s".formatted(event.unit(), event.thread(), event.id()));
  }

  private static String stage(RecordedEvent event) {
    List<Outcome> outcomes = event.outcomes();
    if (outcomes.isEmpty() || outcomes.equals(List.of(Outcome.confirmed()))) {
      return event.stage().name();
    }
    return event.stage()
        + " after "
        + outcomes.stream().map(Outcome::toString).collect(Collectors.joining(", "));
  }

  private static String payload(RecordedEvent event) {
    String text = text(event.payload());
    String contentType = event.event().contentType();
    return contentType != null && contentType.contains("json")
        ? text + " = " + shortened(event.bodyAsText())
        : text;
  }

  /** A payload, or what was expected instead of it. */
  static String text(Object payload) {
    if (payload instanceof byte[] bytes) {
      return bytes.length
          + " bytes \""
          + shortened(new String(bytes, StandardCharsets.UTF_8))
          + '"';
    }
    if (payload instanceof CharSequence text) {
      return '"' + shortened(text.toString()) + '"';
    }
    try {
      return shortened(String.valueOf(payload));
    } catch (RuntimeException e) {
      return "a " + payload.getClass().getName() + " whose toString() fails with " + e;
    }
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_PAYLOAD
        ? text
        : text.substring(0, LONGEST_PAYLOAD) + "... (" + text.length() + " characters)";
  }
}
