package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.internal.Unicode;
import java.util.Locale;

/** Refuses events that the database could not store, while they are being enqueued. */
final class StorableEvents {

  private static final int LONGEST_TEXT = 255;

  private final Dialect dialect;
  private final long maxBodyBytes;

  StorableEvents(Dialect dialect, long maxBodyBytes) {
    this.dialect = dialect;
    this.maxBodyBytes = maxBodyBytes;
  }

  void validate(Event event) {
    check("id", event.id());
    check("queue", event.queue());
    byte[] properties = EventProperties.of(event).encode();
    long bytes = event.body().length + (properties == null ? 0L : properties.length);
    if (bytes > maxBodyBytes / 2) { // else it fits, even if each byte is two in the statement
      bytes =
          dialect.sizeInStatement(event.body())
              + (properties == null ? 0L : dialect.sizeInStatement(properties));
    }
    if (bytes > maxBodyBytes) {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "an event for queue %s needs %d bytes in a statement, headers included, but the"
                  + " database takes %d at most",
              event.queue(),
              bytes,
              maxBodyBytes));
    }
  }

  private void check(String what, String text) {
    String problem = dialect.problemOf(text);
    if (text.length() > LONGEST_TEXT) {
      problem =
          String.format(
              Locale.ROOT,
              "has %d characters, but at most %d are stored",
              text.length(),
              LONGEST_TEXT);
    } else if (Unicode.loneSurrogate(text) >= 0) {
      problem = "contains half a surrogate pair, which is no text";
    }
    if (!problem.isEmpty()) {
      throw new InvalidEventException(
          String.format(Locale.ROOT, "the %s of an event %s", what, problem));
    }
  }
}
