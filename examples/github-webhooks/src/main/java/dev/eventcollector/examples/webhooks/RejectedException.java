package dev.eventcollector.examples.webhooks;

/** A request that is turned down, with the answer that it gets. */
final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  RejectedException(int status, String message) {
    this(Answer.json(status, "message", message), message);
  }

  RejectedException(Answer answer, String message) {
    super(message);
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }
}
