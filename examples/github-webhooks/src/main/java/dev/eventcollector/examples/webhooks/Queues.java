package dev.eventcollector.examples.webhooks;

/** The queues of this app. */
final class Queues {

  /** Deliveries, as GitHub sent them. */
  static final String GITHUB_EVENTS = "github-events";

  /** Deliveries that could not be handled, with the reason; somebody has to look at them. */
  static final String DEAD = GITHUB_EVENTS + ".dead";

  /** Workflows to run. */
  static final String WORKFLOW_RUNS = "workflow-runs";

  private Queues() {}
}
