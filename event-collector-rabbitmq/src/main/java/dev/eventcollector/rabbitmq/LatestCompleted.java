package dev.eventcollector.rabbitmq;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The latest ids. No thread waits for another, as all deliveries ask here. */
final class LatestCompleted implements CompletedDeliveries {

  private final int max;
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final Queue<String> order = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  LatestCompleted(int max) {
    this.max = max;
  }

  @Override
  public boolean contains(String messageId) {
    return ids.contains(messageId);
  }

  @Override
  public void add(String messageId) {
    if (!ids.add(messageId)) {
      return;
    }
    order.add(messageId);
    if (size.incrementAndGet() > max) {
      String oldest = order.remove();
      ids.remove(oldest);
      size.decrementAndGet();
    }
  }
}
