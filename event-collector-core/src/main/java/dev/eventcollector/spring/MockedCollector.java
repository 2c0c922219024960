package dev.eventcollector.spring;

import dev.eventcollector.EventCollector;

/**
 * Tests replace the collector by a mock ({@code @MockitoBean}), which has no units of work.
 * Requests and transactions are none then, and the test sees the calls.
 */
public final class MockedCollector {

  private MockedCollector() {}

  /** Whether nothing can be wired to it. */
  public static boolean is(EventCollector collector) {
    return collector.unitsOfWork() == null;
  }
}
