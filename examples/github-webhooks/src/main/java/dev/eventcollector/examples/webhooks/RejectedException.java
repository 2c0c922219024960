package dev.eventcollector.examples.webhooks;

/** A request that is turned down, with the answer that it gets. */
final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  RejectedException(int status, String message) {
    super(message);
    answer = Answer.json(status, "message", message);
  }

  /** With a header that tells the sender what to do. */
  RejectedException(int status, String message, String header, String value) {
    super(message);
    answer = Answer.json(status, "message", message).withHeader(header, value);
  }

  Answer answer() {
    return answer;
  }
}
