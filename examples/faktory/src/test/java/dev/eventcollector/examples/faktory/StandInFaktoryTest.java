package dev.eventcollector.examples.faktory;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On the stand-in, which so shows that it keeps Faktory's rules. */
class StandInFaktoryTest extends WorkerStopContract {

  private static FaktoryStandIn standIn;

  @BeforeAll
  static void start() {
    standIn = FaktoryStandIn.start(0, "pass %:/@ word=");
  }

  @AfterAll
  static void stop() {
    standIn.close();
  }

  @Override
  String url() {
    return standIn.url();
  }
}
