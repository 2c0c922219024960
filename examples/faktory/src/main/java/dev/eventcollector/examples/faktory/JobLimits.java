package dev.eventcollector.examples.faktory;

import dev.eventcollector.Event;
import dev.eventcollector.InvalidEventException;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The limits of a Faktory job. */
final class JobLimits {

  /** Faktory's own (1.10, {@code storage/redis.go}). */
  private static final Pattern QUEUE = Pattern.compile("[a-zA-Z0-9._-]+");

  /**
   * At worst JSON makes six bytes of one, and Redis keeps a value of 512 MiB (Redis, {@code
   * proto-max-bulk-len}).
   */
  static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

  private JobLimits() {}

  static boolean isQueueName(String name) {
    return QUEUE.matcher(name).matches();
  }

  static void check(Event event) {
    if (event.exchange() != null || !event.properties().isEmpty()) {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "a Faktory job has a queue and headers only, but an event for \"%s\" has %s",
              shortened(event.queue()),
              event.exchange() != null ? "an exchange" : "properties " + event.properties()));
    }
    if (!isQueueName(event.queue())) {
      throw new InvalidEventException(
          "a Faktory queue has a name of letters, digits, dots, dashes and underscores only,"
              + String.format(
                  Locale.ROOT, " but an event is for \"%s\"", shortened(event.queue())));
    }
    if (event.body().length > MAX_BODY_BYTES) {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "an event for queue %s has %d bytes, but a Faktory job takes at most %d",
              event.queue(),
              event.body().length,
              MAX_BODY_BYTES));
    }
    requireEncodable(event.id(), "id", event);
    requireEncodable(event.contentType(), "content type", event);
    for (Map.Entry<String, Object> header : event.headers().entrySet()) {
      requireEncodable(header.getKey(), "name of a header", event);
      requireEncodable(text(header.getKey(), header.getValue(), event), "value of a header", event);
    }
  }

  /**
   * A header's value as text, which is all that a job can carry exactly: Faktory turns a large
   * number into another one.
   */
  static String text(String name, @Nullable Object value, Event event) {
    if (value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum<?>
        || value instanceof UUID
        || value instanceof TemporalAccessor) {
      return value.toString();
    }
    throw new InvalidEventException(
        String.format(
                Locale.ROOT,
                "the header %s of an event for queue %s is a %s, but a Faktory job carries text, numbers,",
                shortened(name),
                event.queue(),
                value == null ? "null" : value.getClass().getName())
            + " booleans, times and UUIDs");
  }

  private static void requireEncodable(@Nullable String text, String what, Event event) {
    if (text != null && !Json.isEncodable(text)) {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "the %s of an event for queue %s has half a surrogate pair, which UTF-8 cannot carry",
              what,
              event.queue()));
    }
  }

  private static String shortened(String text) {
    String clean = Json.encodable(text);
    return clean.length() <= 100 ? clean : clean.substring(0, 100) + "...";
  }
}
