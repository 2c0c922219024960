package dev.eventcollector.examples.work.program;

import org.jspecify.annotations.Nullable;

/** A part of a program that runs until it is told to end. */
@FunctionalInterface
public interface Service {

  /**
   * Takes nothing new in, and finishes what was begun.
   *
   * @return whether nothing was left when the time was over; it has logged how much otherwise
   */
  boolean drain(Deadline deadline);

  /** Why it cannot do its work at the moment; null when all is well. */
  default @Nullable String trouble() {
    return null;
  }
}
