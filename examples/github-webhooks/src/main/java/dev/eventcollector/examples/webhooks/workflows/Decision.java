package dev.eventcollector.examples.webhooks.workflows;

import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.util.List;

/**
 * Which workflows an event starts. It keeps the workflows that were in force, so that it can say
 * later why.
 */
public final class Decision {

  private final ReceivedEvent event;
  private final List<Workflow> workflows;
  private final List<String> started;

  private Decision(ReceivedEvent event, List<Workflow> workflows) {
    this.event = event;
    this.workflows = workflows;
    this.started = workflows.stream().filter(one -> one.runsOn(event)).map(Workflow::name).toList();
  }

  /** Applies each workflow's rules. The list must not change. */
  static Decision of(ReceivedEvent event, List<Workflow> workflows) {
    return new Decision(event, workflows);
  }

  public ReceivedEvent event() {
    return event;
  }

  /** The names of the workflows to run, in the order in which they are configured. */
  public List<String> started() {
    return started;
  }

  /** Every workflow, rule by rule. */
  public List<Verdict> verdicts() {
    return workflows.stream()
        .map(one -> new Verdict(one.name(), started.contains(one.name()), one.rules(event)))
        .toList();
  }
}
