package dev.eventcollector.examples.forwarder;

import java.util.List;

/** Says everything that is wrong with the settings, one line each. */
final class InvalidSettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidSettingsException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
