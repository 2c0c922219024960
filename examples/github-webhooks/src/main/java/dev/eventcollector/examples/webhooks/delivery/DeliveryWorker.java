package dev.eventcollector.examples.webhooks.delivery;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.examples.webhooks.github.MalformedPayloadException;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import dev.eventcollector.examples.webhooks.http.LogContext;
import dev.eventcollector.examples.webhooks.http.Traces;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.Decision;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import io.opentelemetry.context.Scope;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Decides for each delivery which workflows to run, and enqueues them: into the delivery's own unit
 * of work, which the library's worker publishes before it acknowledges the delivery. It also drops
 * duplicates, and tries again what has failed here.
 */
public final class DeliveryWorker implements DeliveryHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryWorker.class);

  private final WorkflowMatcher workflows;
  private final Consumer<Decision> decisions;

  /** The decisions are told, before the workflow runs are published. */
  public DeliveryWorker(WorkflowMatcher workflows, Consumer<Decision> decisions) {
    this.workflows = workflows;
    this.decisions = decisions;
  }

  @Override
  public void handle(Delivery delivery, EventCollector events) throws Exception {
    try (Scope trace = Traces.begin();
        MDC.MDCCloseable inLog = MDC.putCloseable(LogContext.TRACE_ID, Traces.currentId())) {
      decide(read(delivery), events);
    }
  }

  private void decide(ReceivedEvent event, EventCollector events) throws Exception {
    Decision decision = workflows.decide(event);
    List<String> names = decision.started();
    decisions.accept(decision);
    for (String name : names) {
      WorkflowRun run = WorkflowRun.of(name, event);
      events.enqueueEvent(run, Queues.WORKFLOW_RUNS, EventOptions.id(run.id()));
    }
    LOGGER.info("{}: would run {}", event, names.isEmpty() ? "nothing" : String.join(", ", names));
  }

  private static ReceivedEvent read(Delivery delivery) {
    try {
      return ReceivedEvent.of(delivery);
    } catch (MalformedPayloadException e) {
      throw RejectDeliveryException.dead(String.valueOf(e.getMessage()));
    }
  }
}
