package dev.eventcollector.examples.faktory;

import java.io.IOException;

/** A Faktory server, or what we took for one, did not do what it should; one sentence says what. */
final class FaktoryException extends IOException {

  private static final long serialVersionUID = 1L;

  FaktoryException(String message) {
    super(message);
  }
}
