package dev.eventcollector.examples.webhooks.github;

/** A payload that is not a JSON object; the message says where it went wrong. */
public final class MalformedPayloadException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedPayloadException(String message) {
    super(message);
  }
}
