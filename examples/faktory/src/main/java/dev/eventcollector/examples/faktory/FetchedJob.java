package dev.eventcollector.examples.faktory;

import dev.eventcollector.rabbitmq.Delivery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A job as the server has handed it to us.
 *
 * @param retries how often Faktory retries it, by the job's own word
 * @param reservation how long it is ours, from the moment it was fetched
 * @param problem why its body cannot be read; null when all is well
 */
record FetchedJob(
    String jid, Delivery delivery, long retries, Duration reservation, @Nullable String problem) {

  /** Faktory's next step for a job that fails. */
  enum Next {
    RETRY,
    DEAD,
    DISCARDED
  }

  /** By the server's rule (1.10, {@code manager/retry.go}). */
  Next next() {
    if (retries == 0) {
      return Next.DISCARDED;
    }
    return delivery.attempt() - 1 < retries ? Next.RETRY : Next.DEAD;
  }
}
