package dev.eventcollector.rabbitmq;

import dev.eventcollector.internal.Unicode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Names of queues and exchanges in settings. */
final class Names {

  private Names() {}

  /** Adds what is wrong with a name that may not be blank. */
  static void check(String property, String name, List<String> problems) {
    if (name.isBlank()) {
      problems.add(property + " must not be blank");
    } else {
      checkCarried(property, name, problems);
    }
  }

  /** Adds why AMQP cannot carry a name, which may be empty. */
  static void checkCarried(String property, String name, List<String> problems) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    int lone = Unicode.loneSurrogate(name);
    if (bytes > AmqpLimits.SHORT_STRING_BYTES) {
      problems.add(
          String.format(
              Locale.ROOT,
              "%s must have at most %d bytes in UTF-8, but has %d: %s...",
              property,
              AmqpLimits.SHORT_STRING_BYTES,
              bytes,
              FrameFit.cutTo(name, 40)));
    } else if (lone >= 0) {
      problems.add(
          String.format(
              Locale.ROOT,
              "%s must be text that UTF-8 can express, but has half a surrogate pair at index %d",
              property,
              lone));
    }
  }
}
