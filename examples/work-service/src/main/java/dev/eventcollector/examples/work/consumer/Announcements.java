package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.queue.Queues;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Tells of works that are done. */
final class Announcements {

  private Announcements() {}

  /** Enqueues the announcement. */
  static void announce(Work work, String cause, EventCollector events) {
    events.enqueueEvent(work.announcement(), Queues.DONE, EventOptions.id(idFor(cause)));
  }

  /** Derived from what led to the work, so that a repeated announcement has the same one. */
  static String idFor(String cause) {
    return UUID.nameUUIDFromBytes((Queues.DONE + " " + cause).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
