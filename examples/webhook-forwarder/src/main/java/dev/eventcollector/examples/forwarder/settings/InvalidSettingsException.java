package dev.eventcollector.examples.forwarder.settings;

import java.util.List;

/** Says everything that is wrong with the settings, one line each. */
public final class InvalidSettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the problems, a line each. */
  public InvalidSettingsException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
