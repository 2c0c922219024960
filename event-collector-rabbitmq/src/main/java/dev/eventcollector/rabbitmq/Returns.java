package dev.eventcollector.rabbitmq;

import java.util.Locale;
import java.util.Map;

/**
 * Judges a delivery by its unsuccessful deliveries, which quorum queues count. A delivery that ends
 * the process each time must be parked. But the broker counts each lost connection against all
 * deliveries on it, handled or not. So connections whose loss this worker has survived are
 * subtracted.
 */
final class Returns {

  private Returns() {}

  /**
   * The session's knowledge of its queue and of earlier sessions.
   *
   * @param maxDeliveries the number of unsuccessful deliveries after which one is parked, or
   *     republished
   * @param survived the number of sessions that this worker lost before
   * @param counts whether the queue may count at all; in a classic queue the header is what a
   *     publisher has copied from another message
   * @param countsAll whether the queue counts, with each connection lost, everything in its
   *     prefetch; false also where the prefetch cannot be split (single active consumer)
   */
  record Limit(int maxDeliveries, int survived, boolean counts, boolean countsAll) {}

  /** Whether the broker has delivered it so often that it must be judged first. */
  static boolean tooMany(DeliveryInHand one) {
    return one.delivery.redelivered() && counted(one) >= one.session.limit().maxDeliveries();
  }

  /** Whether it was returned on a connection that is not known to be survived. */
  static boolean hasUnexplained(DeliveryInHand one) {
    return one.delivery.redelivered() && counted(one) > one.session.limit().survived();
  }

  private static long counted(DeliveryInHand one) {
    return one.session.limit().counts() ? Failure.deliveries(one.delivery.headers()) : 0;
  }

  /** The decision on a delivery that came too often: park it, or republish it. */
  static AttemptResult judge(DeliveryInHand one) {
    Map<String, Object> headers = one.delivery.headers();
    long counted = counted(one);
    long survived = Math.min(counted, one.session.limit().survived());
    long inVain = Failure.returns(headers, one.delivery.queue()) + counted - survived;
    int limit = one.session.limit().maxDeliveries();
    if (inVain >= limit) {
      String reason =
          String.format(
              Locale.ROOT,
              "delivered %d times and never settled, so it may end its worker (maxDeliveries is"
                  + " %d); connections that this worker has lost and survived are not counted: %d",
              inVain,
              limit,
              survived);
      return new AttemptResult.Poison(new Failure(reason, null));
    }
    String reason =
        String.format(
            Locale.ROOT,
            "it is put at the end of its queue: the broker has delivered it %d times, %d of them"
                + " on connections of this worker that were lost",
            counted,
            survived);
    return new AttemptResult.PutAnew(inVain, reason);
  }
}
