package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.queue.Queues;

/** Announces works that are done. */
final class Announcements {

  /** The header with the message id of the demand that led to the work. */
  static final String DEMAND = "demand";

  private Announcements() {}

  static void announce(Work work, EventCollector events) {
    events.enqueueEvent(work.announcement(), Queues.DONE);
  }

  static void announce(Work work, String demandId, EventCollector events) {
    events.enqueueEvent(work.announcement(), Queues.DONE, EventOptions.header(DEMAND, demandId));
  }
}
