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

  /**
   * Enqueues the announcement. Its id is derived from what led to the work, so that a repeated
   * announcement has the same one.
   */
  static void announce(Work work, String cause, EventCollector events) {
    UUID id = UUID.nameUUIDFromBytes((Queues.DONE + " " + cause).getBytes(StandardCharsets.UTF_8));
    events.enqueueEvent(work.announcement(), Queues.DONE, EventOptions.id(id.toString()));
  }
}
