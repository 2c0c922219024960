package dev.eventcollector.rabbitmq;

/**
 * Remembers the message ids of deliveries that were handled to completion, so that a {@link
 * RabbitMqWorker} drops those that come again. Deliveries that failed are not in it. Where there is
 * such a memory, a worker does not handle two deliveries with the same id at the same time.
 *
 * <p>A message that an exchange has put into two queues has the same id in both, so each worker
 * asks the part {@link #ofQueue} of its queue. Workers of one queue, in several processes, share
 * that.
 *
 * <p>Implementations must be safe for use by many threads. While they throw, deliveries are held. A
 * call of {@link #contains} is interrupted after {@link RabbitMqWorkerBuilder#attemptTimeout}; give
 * remote calls a shorter timeout of their own.
 */
public interface CompletedDeliveries {

  /** Whether a delivery with this id was completed. */
  boolean contains(String messageId);

  /** Remembers a delivery whose events are confirmed. It is acknowledged after this returns. */
  void add(String messageId);

  /**
   * The part that remembers deliveries of this queue; a worker asks for it when it is made. Unless
   * overridden it is the whole, which must not serve two queues that the same message may come to:
   * the worker of one would drop what that of the other has completed.
   */
  default CompletedDeliveries ofQueue(String queue) {
    return this;
  }

  /** Remembers nothing, so that nothing is dropped. */
  static CompletedDeliveries none() {
    return NoMemory.INSTANCE;
  }

  /**
   * Remembers the latest ids in memory, of this process only.
   *
   * @param max how many of each queue; the oldest are forgotten first
   */
  static CompletedDeliveries inMemory(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max must be positive, but is " + max);
    }
    return new LatestCompleted(max);
  }

  /** Remembers nothing. */
  enum NoMemory implements CompletedDeliveries {
    /** It has no state. */
    INSTANCE;

    @Override
    public boolean contains(String messageId) {
      return false;
    }

    @Override
    public void add(String messageId) {}
  }
}
