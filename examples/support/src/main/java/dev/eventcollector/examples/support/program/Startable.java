package dev.eventcollector.examples.support.program;

import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.io.IOException;

/** Starts a program whose settings were read. */
@FunctionalInterface
public interface Startable {

  /**
   * Starts it.
   *
   * @param parts closes the parts that are added to it, also when starting fails
   * @throws IOException when it cannot be started; the message gives the reason
   * @throws WrongSettingException when settings do not go together
   */
  Service start(OpenParts parts) throws IOException, WrongSettingException;
}
