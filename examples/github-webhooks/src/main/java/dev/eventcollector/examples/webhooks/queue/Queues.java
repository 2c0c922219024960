package dev.eventcollector.examples.webhooks.queue;

import java.time.Duration;

/** The queues of this app. */
public final class Queues {

  /** Deliveries, as GitHub sent them. */
  public static final String GITHUB_EVENTS = "github-events";

  /** Deliveries that could not be handled, with the reason; somebody has to look at them. */
  public static final String DEAD = GITHUB_EVENTS + ".dead";

  /** Workflows to run. */
  public static final String WORKFLOW_RUNS = "workflow-runs";

  private Queues() {}

  /** Deliveries that wait this long for their next attempt; the library's worker names it so. */
  public static String retry(Duration delay) {
    long millis = delay.toMillis();
    return GITHUB_EVENTS + ".retry." + (millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms");
  }
}
