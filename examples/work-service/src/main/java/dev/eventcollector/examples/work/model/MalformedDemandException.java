package dev.eventcollector.examples.work.model;

/** A message that can never become a work, however often it comes. */
public final class MalformedDemandException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The reason does not show the message. */
  public MalformedDemandException(String reason) {
    super(reason);
  }
}
