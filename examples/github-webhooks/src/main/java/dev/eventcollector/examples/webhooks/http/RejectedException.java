package dev.eventcollector.examples.webhooks.http;

import dev.eventcollector.examples.support.http.Answer;

/** A request that is turned down, with the answer that it gets. */
public final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  public RejectedException(int status, String message) {
    super(message);
    answer = Answer.message(status, message);
  }

  /** With a header that tells the sender what to do. */
  public RejectedException(int status, String message, String header, String value) {
    super(message);
    answer = Answer.message(status, message).withHeader(header, value);
  }

  public Answer answer() {
    return answer;
  }
}
