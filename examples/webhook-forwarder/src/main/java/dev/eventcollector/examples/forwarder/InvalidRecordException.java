package dev.eventcollector.examples.forwarder;

/** Says to the client what is wrong with the record. */
final class InvalidRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  InvalidRecordException(String message) {
    super(message, null, false, false); // thrown for every bad request, and nobody reads its stack
  }
}
