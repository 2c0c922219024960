package dev.eventcollector.examples.jshell;

import dev.eventcollector.CollectorState;
import dev.eventcollector.EventCollector;

/** The collector at the prompt, which can be asked for its state. */
public interface PromptCollector extends EventCollector {

  /** The events collected, confirmed and owed so far, and whether the broker can be reached. */
  State state();

  /**
   * A state that the prompt shows in words.
   *
   * @param all every gauge and counter
   */
  record State(CollectorState all) {

    /** For example {@code 1 confirmed, 0 owed, 2 collected in open units; the broker is there}. */
    @Override
    public String toString() {
      String trouble = all.lastTrouble();
      return all.confirmed()
          + " confirmed, "
          + all.owed()
          + " owed, "
          + all.collected()
          + " collected in open units, "
          + all.cleared()
          + " dropped with failed units, "
          + all.undeliverable()
          + " given up; "
          + (all.available()
              ? "the broker takes events"
              : "the broker takes no events: " + trouble);
    }
  }
}
