package dev.eventcollector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the events of a chunk at once: for each event, in order, null when it was
 * confirmed, else the entry that is kept of it.
 */
record Fates(List<@Nullable OwedEvent> notConfirmed) {

  static final Fates ALL_CONFIRMED = new Fates(List.of());
}
