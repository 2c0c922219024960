package dev.eventcollector.examples.support.program;

import org.jspecify.annotations.Nullable;

/** A part of a program that runs until it is told to end. */
@FunctionalInterface
public interface Service {

  /**
   * Accepts no new work, and finishes work in progress.
   *
   * @return whether all of it was finished by the deadline; the service has logged the rest
   */
  boolean drain(Deadline deadline);

  /** The reason why it cannot work at the moment; null when it can. */
  default @Nullable String trouble() {
    return null;
  }
}
