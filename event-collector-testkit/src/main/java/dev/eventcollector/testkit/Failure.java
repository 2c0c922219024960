package dev.eventcollector.testkit;

/**
 * An assertion that does not hold.
 *
 * @param message for the reader of a failed test
 * @param expected in a form that an IDE can compare with the next
 * @param actual the actual value in the same form
 */
record Failure(String message, String expected, String actual) {

  Failure and(String more) {
    return new Failure(message + "\n" + more, expected, actual);
  }
}
