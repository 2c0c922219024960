package dev.eventcollector.examples.webhooks.workflows;

import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.util.List;

/** Says which workflows an event is to start. */
@FunctionalInterface
public interface WorkflowMatcher {

  /**
   * Their names, in the order in which they are configured.
   *
   * @throws Exception when that cannot be said now; the delivery will come again
   */
  List<String> workflowsFor(ReceivedEvent event) throws Exception;
}
