package dev.eventcollector.outbox;

import dev.eventcollector.EventStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds rows of this process that are committed, and that it does not know of: it was told that
 * they were rolled back, for example, or its own commit seemed to fail. Nobody else would publish
 * them while it lives. A row counts when two looks in a row have found it, so that one on its way
 * from one place to another does not. Used by one thread.
 */
final class Strays {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final int MOST = 1000;

  private final EventStore.Host host;
  private final Traffic traffic;
  private final Known known;
  private long owner;
  private Set<Long> before = Set.of();

  Strays(EventStore.Host host, Traffic traffic, Known known) {
    this.host = host;
    this.traffic = traffic;
    this.known = known;
  }

  /** The rows that this process has in hand. */
  @FunctionalInterface
  interface Known {
    /** Removes the numbers of an owner's rows that are in hand. */
    void removeFrom(long owner, Set<Long> numbers);
  }

  /** Looks among the first rows of an owner. */
  void look(Connection connection, long of) throws SQLException {
    Set<Long> unknown = new TreeSet<>(Rows.first(connection, of, MOST));
    known.removeFrom(of, unknown);
    List<Range> strays = new ArrayList<>();
    for (long n : of == owner ? unknown : Set.<Long>of()) {
      if (before.contains(n)) {
        strays.add(new Range(of, n, n));
      }
    }
    owner = of;
    before = new HashSet<>(unknown);
    if (!strays.isEmpty()) {
      LOGGER.warn(
          "{} event(s) of this process are committed, although their commit seemed to fail or they"
              + " were reported as rolled back. They are published now, perhaps after later events.",
          strays.size());
      host.takenOver(strays.size());
      traffic.spill(strays);
    }
  }
}
