package dev.eventcollector.examples.work.cli;

/** There is no such work. */
final class NotFoundException extends Exception {

  private static final long serialVersionUID = 1L;

  NotFoundException(String message) {
    super(message);
  }
}
