package dev.eventcollector.testkit;

import dev.eventcollector.Exchange;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.Outcome;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Formats events for the reader of a failed test. */
final class Printout {

  private static final int LONGEST_PAYLOAD = 1_000;
  private static final int LONGEST_HEX = 32;
  private static final int MOST_ANSWERS = 5;

  private Printout() {}

  /** A heading and a numbered line for each event. */
  static String of(RecordedEvents events) {
    return numbered(events.stream().map(Printout::of).toList(), "recorded");
  }

  static String numbered(List<String> lines, String what) {
    if (lines.isEmpty()) {
      return "Nothing was " + what;
    }
    StringBuilder text = new StringBuilder();
    text.append(lines.size() == 1 ? "1 event was " : lines.size() + " events were ");
    text.append(what).append(':');
    int number = 0;
    for (String line : lines) {
      text.append("\n  ").append(++number).append(". ").append(line);
    }
    return text.toString();
  }

  /** One line: stage, queue, payload, headers, origin. */
  static String of(RecordedEvent event) {
    return String.format(
        Locale.ROOT,
        "%s%s to %s%s: %s%s%s  [%s]",
        stage(event),
        event.stored() ? " (stored in a transaction)" : "",
        exchange(event),
        event.queue(),
        payload(event),
        event.headers().isEmpty() ? "" : "  headers " + event.headers(),
        properties(event.event().properties()),
        String.format(
            Locale.ROOT, "unit %d, thread %s, id %s", event.unit(), event.thread(), event.id()));
  }

  private static String exchange(RecordedEvent event) {
    Exchange exchange = event.event().exchange();
    return exchange == null ? "" : "exchange " + exchange.name() + ", routing key ";
  }

  private static String properties(MessageProperties properties) {
    return properties.isEmpty() ? "" : "  properties " + properties;
  }

  private static String stage(RecordedEvent event) {
    List<Outcome> outcomes = event.outcomes();
    if (outcomes.isEmpty() || outcomes.equals(List.of(Outcome.confirmed()))) {
      return event.stage().name();
    }
    return event.stage() + " after " + String.join(", ", runs(outcomes));
  }

  /** Groups equal answers, which retries often repeat. */
  private static List<String> runs(List<Outcome> outcomes) {
    List<String> runs = new ArrayList<>();
    int length = 0;
    for (int i = 0; i < outcomes.size(); i++) {
      length++;
      if (i + 1 == outcomes.size() || !outcomes.get(i + 1).equals(outcomes.get(i))) {
        runs.add(outcomes.get(i) + (length == 1 ? "" : " x " + length));
        length = 0;
      }
    }
    int surplus = runs.size() - MOST_ANSWERS;
    return surplus <= 0
        ? runs
        : Stream.concat(Stream.of("..."), runs.stream().skip(surplus)).toList();
  }

  private static String payload(RecordedEvent event) {
    String text = text(event.payload());
    String contentType = event.event().contentType();
    return contentType != null && contentType.contains("json")
        ? text + " = " + shortened(event.bodyAsText())
        : text;
  }

  /** One line: body, headers, origin. */
  static String of(ReceivedMessage message) {
    return String.format(
        Locale.ROOT,
        "\"%s\"%s%s  [%scontent type %s, id %s%s]",
        shortened(message.bodyAsText()),
        message.headers().isEmpty() ? "" : "  headers " + message.headers(),
        properties(message.properties()),
        message.exchange().isEmpty()
            ? ""
            : "exchange " + message.exchange() + ", routing key " + message.routingKey() + ", ",
        message.contentType(),
        message.id(),
        message.redelivered() ? ", redelivered" : "");
  }

  /** A payload, or an expected value. */
  static String text(@Nullable Object payload) {
    if (payload == null) {
      return "null";
    }
    if (payload instanceof byte[] bytes) {
      return bytes.length + " bytes " + bytes(bytes);
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

  /** As text if they are printable UTF-8, else in hex. */
  private static String bytes(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
        return '"' + shortened(text) + '"';
      }
    } catch (CharacterCodingException e) {
      // Not UTF-8.
    }
    int shown = Math.min(bytes.length, LONGEST_HEX);
    return "0x" + HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "..." : "");
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_PAYLOAD
        ? text
        : text.substring(0, LONGEST_PAYLOAD) + "... (" + text.length() + " characters)";
  }
}
