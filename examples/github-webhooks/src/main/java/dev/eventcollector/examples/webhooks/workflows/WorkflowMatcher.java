package dev.eventcollector.examples.webhooks.workflows;

import dev.eventcollector.examples.webhooks.github.ReceivedEvent;

/** Says which workflows an event is to start. */
@FunctionalInterface
public interface WorkflowMatcher {

  /**
   * Decides.
   *
   * @throws Exception when that cannot be said now; the delivery will come again
   */
  Decision decide(ReceivedEvent event) throws Exception;
}
