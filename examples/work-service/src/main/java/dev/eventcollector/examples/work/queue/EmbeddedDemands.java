package dev.eventcollector.examples.work.queue;

import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.testkit.broker.Broker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demands in an embedded broker, which ends with the process and so would lose them; those too
 * that wait for their next attempt. It counts a message until that is acknowledged.
 */
public final class EmbeddedDemands {

  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedDemands.class);
  private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(20);

  private final String uri;

  /** Those of the broker that is there. */
  public EmbeddedDemands(String uri) {
    this.uri = uri;
  }

  /** Waits, while they are consumed, until none is left. */
  public void await(Deadline deadline) {
    try (Broker broker = Broker.at(uri)) {
      while ((count(broker, Queues.DEMANDS) > 0 || countAll(broker) > 0) && !deadline.hasPassed()) {
        LockSupport.parkNanos(BETWEEN_LOOKS);
      }
    } catch (RuntimeException e) { // must not keep the consumer from being drained
      LOGGER.error("cannot wait for the demands in the embedded broker: {}", e.toString());
    }
  }

  /** Whether none is left. Nobody may consume any more: one that fails could be overlooked. */
  public boolean areDone() {
    try (Broker broker = Broker.at(uri)) {
      int left = countAll(broker);
      if (left > 0) {
        LOGGER.error("{} demand(s) are left in the embedded broker", left);
      }
      return left == 0;
    } catch (RuntimeException e) {
      LOGGER.error("demands may be left in the embedded broker: {}", e.toString());
      return false;
    }
  }

  /** The queue that the others lead to comes last, so that none on its way is overlooked. */
  private static int countAll(Broker broker) {
    int waiting =
        Queues.retryDelays().stream().mapToInt(delay -> count(broker, Queues.retryOf(delay))).sum();
    return waiting + count(broker, Queues.DEMANDS);
  }

  /** A queue that is not declared yet, as early in a start, has none. */
  private static int count(Broker broker, String queue) {
    return broker.hasQueue(queue) ? broker.messageCount(queue) : 0;
  }
}
