package dev.eventcollector.examples.work.program;

import java.io.IOException;
import java.time.Duration;

/** A program whose settings were read. */
public interface Startable {

  /**
   * Starts it.
   *
   * @throws IOException when it cannot be started; the message says why
   */
  Service start() throws IOException;

  /** How long ending it may take. */
  Duration drainTimeout();
}
