package dev.eventcollector.examples.work.queue;

import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.testkit.broker.Broker;
import java.time.Duration;
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
      while (count(broker) > 0 && !deadline.hasPassed()) {
        LockSupport.parkNanos(BETWEEN_LOOKS);
      }
    }
  }

  /** Whether none is left. Nobody may consume any more: one on its way could be overlooked. */
  public boolean areDone() {
    try (Broker broker = Broker.at(uri)) {
      int left = count(broker);
      if (left > 0) {
        LOGGER.error("{} demand(s) are left in the embedded broker", left);
      }
      return left == 0;
    }
  }

  private static int count(Broker broker) {
    int count = broker.messageCount(Queues.DEMANDS);
    for (Duration delay : Queues.retryDelays()) {
      count += broker.messageCount(Queues.retryOf(delay));
    }
    return count;
  }
}
