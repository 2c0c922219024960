package dev.eventcollector.rabbitmq;

import java.util.List;

/** Publishes the events of a handled chunk, then settles the chunk. */
final class ChunkFinisher {

  private final ChunkPublishing publishing;
  private final Settling settling;

  ChunkFinisher(ChunkPublishing publishing, Settling settling) {
    this.publishing = publishing;
    this.settling = settling;
  }

  /** Throws nothing, and settles or holds every delivery. */
  void finish(List<DeliveryInHand> chunk) {
    publishing.publish(chunk);
    settling.settle(chunk);
  }
}
