package dev.eventcollector.examples.work.cli;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** Somebody who knows works. */
interface WorkReader extends AutoCloseable {

  /**
   * One work, or an array of works.
   *
   * @throws NotFoundException when there is none
   * @throws IOException when it cannot be read; the message says why
   */
  JsonNode read(Question question) throws NotFoundException, IOException;

  @Override
  void close();
}
