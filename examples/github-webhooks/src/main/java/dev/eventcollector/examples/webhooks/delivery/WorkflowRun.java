package dev.eventcollector.examples.webhooks.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.eventcollector.examples.webhooks.github.PayloadFacts;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import org.jspecify.annotations.Nullable;

/** A workflow to run, as it is written into its queue. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WorkflowRun(
    String workflow,
    String delivery,
    String event,
    @Nullable String action,
    @Nullable String repository,
    @Nullable String branch) {

  static WorkflowRun of(String workflow, ReceivedEvent event) {
    PayloadFacts facts = event.facts();
    return new WorkflowRun(
        workflow,
        event.delivery(),
        event.name(),
        facts.action(),
        facts.repository(),
        facts.branch());
  }

  /** The same whenever the delivery is handled again, so that its receiver can tell duplicates. */
  String id() {
    return delivery + "/" + workflow;
  }
}
