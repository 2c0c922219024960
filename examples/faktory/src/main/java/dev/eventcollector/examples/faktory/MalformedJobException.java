package dev.eventcollector.examples.faktory;

/** A job that has no id we could read, so that nobody can answer it. */
final class MalformedJobException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedJobException(String message) {
    super(message);
  }
}
