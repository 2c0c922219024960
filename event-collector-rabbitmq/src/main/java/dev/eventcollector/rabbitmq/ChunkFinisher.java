package dev.eventcollector.rabbitmq;

import java.util.List;

/** What comes after the handlers: the events of a chunk are published, then it is settled. */
final class ChunkFinisher {

  private final ChunkPublishing publishing;
  private final Settling settling;

  ChunkFinisher(ChunkPublishing publishing, Settling settling) {
    this.publishing = publishing;
    this.settling = settling;
  }

  /** Throws nothing, and leaves no delivery neither settled nor held. */
  void finish(List<DeliveryInHand> chunk) {
    publishing.publish(chunk);
    settling.settle(chunk);
  }
}
