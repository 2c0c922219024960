package dev.eventcollector.examples.faktory;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;

/** On the server at {@code FAKTORY_URL}; leaves nothing behind there. */
class FaktoryUrlTest extends WorkerStopContract {

  @BeforeAll
  static void requireServer() {
    assumeTrue(
        System.getenv("FAKTORY_URL") != null || System.getenv("FAKTORY_PROVIDER") != null,
        "left out: FAKTORY_URL is not set, so there is no server to test against");
  }

  @Override
  String url() {
    String provider = System.getenv("FAKTORY_PROVIDER");
    return System.getenv(provider == null ? "FAKTORY_URL" : provider);
  }
}
