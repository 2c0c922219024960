package dev.eventcollector.examples.jshell;

import dev.eventcollector.CollectorState;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.UnitsOfWork;
import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * Says in a line that an open unit of work has collected an event, and reports failures without a
 * stack trace.
 */
final class OneLineCollector implements PromptCollector {

  private final EventCollector events;
  private final Supplier<CollectorState> state;
  private final PrintStream out;

  OneLineCollector(EventCollector events, Supplier<CollectorState> state, PrintStream out) {
    this.events = events;
    this.state = state;
    this.out = out;
  }

  @Override
  public String enqueueEvent(Object payload, String queue, EventOptions options) {
    String id;
    try {
      id = events.enqueueEvent(payload, queue, options);
    } catch (RuntimeException e) {
      throw Prompt.withoutStackTrace(e);
    }
    if (unitsOfWork().current().isPresent()) {
      out.println("collected: " + queue + " " + id + ", which goes out when its unit is published");
      out.flush();
    }
    return id;
  }

  @Override
  public UnitsOfWork unitsOfWork() {
    return events.unitsOfWork();
  }

  @Override
  public State state() {
    return new State(state.get());
  }

  @Override
  public String toString() {
    return "publishes every event at once, unless a unit of work is open: " + state();
  }
}
