package dev.eventcollector.examples.webhooks;

/** The queues of this app. */
final class Queues {

  /** Deliveries, as GitHub sent them. */
  static final String GITHUB_EVENTS = "github-events";

  /** What was found in {@link #GITHUB_EVENTS} and is no delivery; somebody has to look at it. */
  static final String DEAD = GITHUB_EVENTS + ".dead";

  /** Workflows to run. */
  static final String WORKFLOW_RUNS = "workflow-runs";

  private Queues() {}
}
