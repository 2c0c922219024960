package dev.eventcollector.examples.webhooks.demo;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import dev.eventcollector.examples.webhooks.history.Tally;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.Decision;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Fails the first two times that it is asked about one delivery, as a database would now and then.
 * Each time it has enqueued an event before, which must never be sent.
 */
public final class FailingTwice implements WorkflowMatcher {

  private static final int FAILURES = 2;
  private static final String NEVER = "must-not-be-started";

  private final WorkflowMatcher workflows;
  private final String delivery;
  private final Tally<String> attempts = new Tally<>();
  private final LongAdder failures = new LongAdder();
  private volatile @Nullable EventCollector events;

  public FailingTwice(WorkflowMatcher workflows, String delivery) {
    this.workflows = workflows;
    this.delivery = delivery;
  }

  void enqueueInto(EventCollector collector) {
    events = collector;
  }

  @Override
  public Decision decide(ReceivedEvent event) throws Exception {
    attempts.add(event.delivery());
    if (event.delivery().equals(delivery) && attempts.count(delivery) <= FAILURES) {
      failures.increment();
      if (events != null) {
        events.enqueueEvent(
            Map.of("workflow", NEVER),
            Queues.WORKFLOW_RUNS,
            EventOptions.id(delivery + "/" + NEVER));
      }
      throw new OnPurpose();
    }
    return workflows.decide(event);
  }

  /** How often this delivery was handled, duplicates not counted. */
  public long attempts(String id) {
    return attempts.count(id);
  }

  /** How often it has failed on purpose. */
  long failures() {
    return failures.sum();
  }

  private static final class OnPurpose extends Exception {
    private static final long serialVersionUID = 1L;

    OnPurpose() {
      super("this attempt fails on purpose", null, false, false);
    }
  }
}
