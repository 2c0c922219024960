package dev.eventcollector.examples.work.cli;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The work to look for.
 *
 * @param id counts when there is no prefix
 */
record Question(int id, @Nullable String prefixOfCode) {

  /** Whether this is the work, or an array of works, that was asked for. */
  boolean isAnsweredBy(JsonNode found) {
    String prefix = prefixOfCode;
    if (prefix == null) {
      return isWork(found) && found.path("id").intValue() == id;
    }
    if (!found.isArray()) {
      return false;
    }
    for (JsonNode work : found) {
      if (!isWork(work) || !work.path("work_code").stringValue().startsWith(prefix)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it has all that a work has; it may have more. */
  private static boolean isWork(JsonNode found) {
    return found.path("id").isInt()
        && found.path("work_code").isString()
        && found.path("add_up_to").isInt()
        && found.path("done").isBoolean()
        && found.path("created_on").isIntegralNumber()
        && found.path("updated_on").isIntegralNumber();
  }

  NotFoundException notFound() {
    return new NotFoundException(
        prefixOfCode == null
            ? "there is no work with id " + id
            : "there is no work whose code starts with " + prefixOfCode);
  }
}
