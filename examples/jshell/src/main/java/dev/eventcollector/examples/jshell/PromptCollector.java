package dev.eventcollector.examples.jshell;

import dev.eventcollector.CollectorState;
import dev.eventcollector.EventCollector;

/** The collector at the prompt: one can ask it how it stands. */
public interface PromptCollector extends EventCollector {

  /** The events collected, confirmed and owed so far, and whether the broker can be reached. */
  CollectorState state();
}
