package dev.eventcollector.examples.faktory;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Connections, and since when there is one at least. Safe for use by many threads. */
final class OpenConnections<C> {

  private final Set<C> all; // under the lock, as what is said of it
  private volatile @Nullable Instant since;

  OpenConnections() {
    this(new HashSet<>());
  }

  OpenConnections(Set<C> all) {
    this.all = all;
  }

  synchronized void add(C connection) {
    all.add(connection);
    if (since == null) {
      since = Instant.now();
    }
  }

  synchronized void remove(C connection) {
    all.remove(connection);
    if (all.isEmpty()) {
      since = null;
    }
  }

  /** Those that it had. */
  synchronized List<C> removeAll() {
    List<C> had = List.copyOf(all);
    all.clear();
    since = null;
    return had;
  }

  /** Null while there is none. */
  @Nullable Instant since() {
    return since;
  }
}
