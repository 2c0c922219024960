package dev.eventcollector.examples.work.cli;

import org.jspecify.annotations.Nullable;

/**
 * What to look for.
 *
 * @param id counts when there is no prefix
 */
record Question(int id, @Nullable String prefixOfCode) {

  NotFoundException notFound() {
    return new NotFoundException(
        prefixOfCode == null
            ? "there is no work with id " + id
            : "there is no work whose code starts with " + prefixOfCode);
  }
}
