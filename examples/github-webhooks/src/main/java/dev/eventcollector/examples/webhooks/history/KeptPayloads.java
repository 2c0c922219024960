package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.Event;
import java.util.ArrayDeque;
import java.util.Deque;

/** Payloads of the latest deliveries, as long as there is room. For one thread at a time. */
final class KeptPayloads {

  static final int MAX_BYTES_EACH = 256 * 1024;
  static final int MAX_BYTES = 8 * 1024 * 1024;

  private final Deque<Story> owners = new ArrayDeque<>();
  private long bytes;

  void keep(Story story, Event event) {
    if (story.original != null || event.body().length > MAX_BYTES_EACH) {
      return;
    }
    story.original = event;
    bytes += event.body().length;
    owners.add(story);
    while (bytes > MAX_BYTES) {
      forget(owners.element());
    }
  }

  void forget(Story story) {
    Event original = story.original;
    if (original != null) {
      bytes -= original.body().length;
      story.original = null;
      owners.remove(story);
    }
  }
}
