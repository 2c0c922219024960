package dev.eventcollector.examples.faktory;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The server's answer to a command (RESP, the protocol that Redis and Faktory speak). */
sealed interface Reply {

  /** {@code +OK}. */
  record Text(String text) implements Reply {}

  /** {@code -ERR something}. */
  record Failure(String text) implements Reply {
    /** Without the code that all but a few errors have. */
    String message() {
      return text.startsWith("ERR ") ? text.substring(4) : text;
    }
  }

  /** {@code :42}. */
  record Number(long value) implements Reply {}

  /** A string of a given length, or nil. */
  record Bulk(byte @Nullable [] bytes) implements Reply {
    boolean isEmpty() {
      return bytes == null || bytes.length == 0;
    }

    String text() {
      return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Whether it is {@code +OK}. */
  default boolean isOk() {
    return this instanceof Text text && text.text().equals("OK");
  }

  /** For messages: what kind of answer it is, without what a job may contain. */
  default String description() {
    if (this instanceof Failure failure) {
      return failure.text();
    }
    if (this instanceof Text text) {
      return "+" + text.text();
    }
    if (this instanceof Number number) {
      return "the number " + number.value();
    }
    byte @Nullable [] bytes = ((Bulk) this).bytes();
    return bytes == null ? "nil" : bytes.length + " bytes";
  }
}
