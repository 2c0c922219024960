package dev.eventcollector.examples.work.queue;

import dev.eventcollector.testkit.broker.Broker;

/** Every queue that the programs declare. */
public final class SystemQueues {

  private SystemQueues() {}

  /** A broker that others use too is to be left as it was. */
  public static void deleteAtEnd(Broker broker) {
    broker.deleteAtEnd(Queues.DEMANDS, Queues.DEAD, Queues.DONE);
    Queues.retryDelays().forEach(delay -> broker.deleteAtEnd(Queues.retryOf(delay)));
  }
}
