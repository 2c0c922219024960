package dev.eventcollector.examples.forwarder.records;

/** Says to the client what is wrong with the record. */
public final class InvalidRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public InvalidRecordException(String message) {
    super(message, null, false, false); // thrown for every bad request, and nobody reads its stack
  }
}
