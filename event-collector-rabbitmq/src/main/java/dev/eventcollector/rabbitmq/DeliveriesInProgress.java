package dev.eventcollector.rabbitmq;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Message ids of deliveries that are being handled or held, so that no two with the same id are at
 * the same time: the second of them has to know whether the first was completed.
 *
 * <p>Safe for use by many threads.
 */
final class DeliveriesInProgress {

  private final Set<String> ids = ConcurrentHashMap.newKeySet();

  /** False while another delivery has the same id. */
  boolean begin(DeliveryInHand delivery) {
    String id = delivery.id();
    if (id != null && !delivery.ownsId) {
      delivery.ownsId = ids.add(id);
    }
    return id == null || delivery.ownsId;
  }

  void end(DeliveryInHand delivery) {
    String id = delivery.id();
    if (id != null && delivery.ownsId) {
      delivery.ownsId = false;
      ids.remove(id);
    }
  }
}
