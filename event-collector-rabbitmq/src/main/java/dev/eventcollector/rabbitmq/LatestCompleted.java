package dev.eventcollector.rabbitmq;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The latest ids, of each queue. The whole has those of all queues, and each queue has what was
 * added to the whole. No thread waits for another, as all deliveries ask here.
 */
final class LatestCompleted implements CompletedDeliveries {

  private final int max;
  private final @Nullable LatestCompleted whole;
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final Queue<String> order = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final Map<String, LatestCompleted> ofQueues = new ConcurrentHashMap<>();

  LatestCompleted(int max) {
    this(max, null);
  }

  private LatestCompleted(int max, @Nullable LatestCompleted whole) {
    this.max = max;
    this.whole = whole;
  }

  @Override
  public CompletedDeliveries ofQueue(String queue) {
    return whole != null
        ? this
        : ofQueues.computeIfAbsent(queue, any -> new LatestCompleted(max, this));
  }

  @Override
  public boolean contains(String messageId) {
    if (ids.contains(messageId)) {
      return true;
    }
    return whole != null
        ? whole.ids.contains(messageId)
        : ofQueues.values().stream().anyMatch(one -> one.ids.contains(messageId));
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
