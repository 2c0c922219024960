package dev.eventcollector.benchmarks;

import java.util.Locale;

/** The events to publish, and how. */
record Scenario(int chunk, int threads, int bytes, int queues, boolean quorum, boolean tls) {

  static Scenario plain(int chunk, int threads) {
    return new Scenario(chunk, threads, 300, 1, false, false);
  }

  Scenario withBytes(int value) {
    return new Scenario(chunk, threads, value, queues, quorum, tls);
  }

  Scenario toQueues(int value) {
    return new Scenario(chunk, threads, bytes, value, quorum, tls);
  }

  Scenario onQuorumQueue() {
    return new Scenario(chunk, threads, bytes, queues, true, tls);
  }

  Scenario overTls() {
    return new Scenario(chunk, threads, bytes, queues, quorum, true);
  }

  /** For example {@code chunk 100, 8 threads, 3 kB, quorum queue, TLS}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "chunk %,d, %d thread%s, %s%s%s%s",
        chunk,
        threads,
        threads == 1 ? "" : "s",
        bytes < 1_000 ? bytes + " bytes" : bytes / 1_000 + " kB",
        queues == 1 ? "" : ", " + queues + " queues",
        quorum ? ", quorum queue" : "",
        tls ? ", TLS" : "");
  }
}
