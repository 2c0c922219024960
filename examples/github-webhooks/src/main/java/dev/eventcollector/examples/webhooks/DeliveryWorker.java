package dev.eventcollector.examples.webhooks;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.examples.webhooks.Counters.Handling;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides for each delivery which workflows to run, and queues them. */
final class DeliveryWorker implements DeliveryHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryWorker.class);

  private final WorkflowMatcher workflows;
  private final CompletedDeliveries completed;
  private final Counters counters;

  DeliveryWorker(WorkflowMatcher workflows, CompletedDeliveries completed, Counters counters) {
    this.workflows = workflows;
    this.completed = completed;
    this.counters = counters;
  }

  @Override
  public void handle(Delivery message, EventCollector events) throws Exception {
    ReceivedEvent event;
    try {
      event = ReceivedEvent.of(message);
    } catch (MalformedPayloadException e) {
      park(message, e, events);
      return;
    }
    try {
      if (!completed.completeOnce(event.delivery(), () -> queueWorkflows(event, events))) {
        counters.handled.add(Handling.DUPLICATE);
        LOGGER.info("{}: a duplicate, dropped", event);
      }
    } catch (Exception e) {
      counters.handled.add(Handling.FAILED);
      throw e;
    }
  }

  private void queueWorkflows(ReceivedEvent event, EventCollector events) throws Exception {
    List<String> names = workflows.workflowsFor(event);
    for (String name : names) {
      WorkflowRun run = WorkflowRun.of(name, event);
      events.enqueueEvent(run, Queues.WORKFLOW_RUNS, EventOptions.id(run.id()));
    }
    // The worker would publish when we return. But the delivery is not completed before the broker
    // has its runs: were it remembered and they not confirmed, its next coming would be dropped.
    events.publishOrThrow();
    counters.handled.add(Handling.COMPLETED);
    LOGGER.info("{}: would run {}", event, names.isEmpty() ? "nothing" : String.join(", ", names));
  }

  /** What can never be handled must not come again for ever. */
  private void park(Delivery message, MalformedPayloadException problem, EventCollector events) {
    String reason = String.valueOf(problem.getMessage());
    EventOptions options = EventOptions.header("reason", reason);
    if (message.messageId() != null) {
      options = options.withId(message.messageId());
    }
    events.enqueueEvent(message.body(), Queues.DEAD, options);
    events.publishOrThrow();
    counters.handled.add(Handling.PARKED);
    LOGGER.error("{} is no delivery of GitHub's: {}; moved to {}", message, reason, Queues.DEAD);
  }
}
