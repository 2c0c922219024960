package dev.eventcollector.rabbitmq;

import java.util.ArrayList;
import java.util.List;

/**
 * Publishes the events of a handled chunk, then settles the chunk. The events of a delivery that
 * this worker has given back are dropped: its next run enqueues them anew.
 */
final class ChunkFinisher {

  private final WorkerSettings settings;
  private final ChunkPublishing publishing;
  private final Settling settling;
  private volatile boolean givenUp;

  ChunkFinisher(WorkerSettings settings, ChunkPublishing publishing, Settling settling) {
    this.settings = settings;
    this.publishing = publishing;
    this.settling = settling;
  }

  /** Throws nothing, and settles, holds or gives back every delivery. */
  void finish(List<DeliveryInHand> chunk) {
    List<DeliveryInHand> ours = new ArrayList<>(chunk.size());
    for (DeliveryInHand one : chunk) {
      if (givenUp) {
        settling.giveBack(one, "the worker was closed before its handler had finished");
      } else if (comesAgainAnyway(one)) {
        settling.giveBack(one, one.session.endedBecause());
      } else {
        ours.add(one);
      }
    }
    publishing.publish(ours);
    settling.settle(ours);
  }

  /** Not if its next delivery will be recognised as a duplicate once this one is completed. */
  private boolean comesAgainAnyway(DeliveryInHand one) {
    boolean remembered = settings.remembers() && one.id() != null;
    return one.session.isGivenBack() && !remembered;
  }

  /** The time to stop is over: from now on deliveries are only given back. */
  void giveUp() {
    givenUp = true;
  }
}
