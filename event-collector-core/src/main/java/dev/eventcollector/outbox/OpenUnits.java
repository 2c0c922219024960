package dev.eventcollector.outbox;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Units that are stored, and of whose transactions nobody has told the end yet. After a while the
 * outbox finds that out by itself, in case that whoever was to tell has forgotten it.
 */
final class OpenUnits {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);

  private final Set<OutboxUnit> open = ConcurrentHashMap.newKeySet();
  private final long forgottenAfterNanos;

  OpenUnits(Duration forgottenAfter) {
    this.forgottenAfterNanos = TimeUnit.NANOSECONDS.convert(forgottenAfter);
  }

  void add(OutboxUnit unit) {
    open.add(unit);
  }

  void remove(OutboxUnit unit) {
    open.remove(unit);
  }

  /** Removes the numbers of its rows. */
  void removeFrom(long owner, Set<Long> numbers) {
    open.forEach(unit -> unit.removeFrom(owner, numbers));
  }

  /** Puts those that are old in doubt. */
  void look() {
    long now = System.nanoTime();
    for (OutboxUnit unit : open) {
      if (now - unit.since >= forgottenAfterNanos) {
        LOGGER.warn(
            "A unit of work with {} event(s), the first for queue {}, was stored long ago and has not"
                + " ended. The outbox asks the database whether its transaction was committed. End"
                + " each unit after its transaction.",
            unit.events.size(),
            unit.events.get(0).queue());
        unit.inDoubt();
      }
    }
  }
}
