package dev.eventcollector.examples.forwarder.sink;

import dev.eventcollector.examples.forwarder.log.LogText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the records that the sink has refused alone. A record is guilty when that has happened
 * twice, or five times with answers that do not blame it, and the sink has accepted something in
 * between each time. Safe for use by many threads.
 */
final class Suspects {

  private static final int MOST = 10_000;
  private static final int REFUSALS = 2;
  private static final int OTHER_FAILURES = 5;

  private final SinkHealth health;
  private final Map<String, Refusals> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refusals> eldest) {
          return size() > MOST;
        }
      };

  /**
   * How often a record was refused.
   *
   * @param acceptedBefore posts that the sink had accepted by the latest time
   */
  private record Refusals(int count, long acceptedBefore) {}

  Suspects(SinkHealth health) {
    this.health = health;
  }

  /** Counts a refusal; true when there have been enough, and then forgets the record. */
  synchronized boolean isGuilty(byte[] record, Sink.Answer answer) {
    String key = LogText.fingerprint(record);
    long accepted = health.accepted.sum();
    Refusals before = refused.getOrDefault(key, new Refusals(0, -1));
    int count = accepted > before.acceptedBefore ? before.count + 1 : before.count;
    if (count >= (answer.refusesContent() ? REFUSALS : OTHER_FAILURES)) {
      refused.remove(key);
      return true;
    }
    refused.put(key, new Refusals(count, accepted));
    return false;
  }
}
