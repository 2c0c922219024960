package dev.eventcollector.examples.webhooks.settings;

/** A setting that cannot be used; the message names it, its value unless secret, and the rule. */
public final class WrongSettingException extends Exception {

  private static final long serialVersionUID = 1L;

  WrongSettingException(String message, Exception cause) {
    super(message, cause);
  }

  WrongSettingException(String message) {
    super(message);
  }
}
