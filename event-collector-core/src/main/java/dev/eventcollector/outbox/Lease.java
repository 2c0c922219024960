package dev.eventcollector.outbox;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner that this process stores under, and those that it has taken over. A lease that is lost
 * costs duplicates at most: this process goes on with what it knows, and stores under a new owner.
 * Changed by one thread; {@link #current} may be asked by all.
 */
final class Lease {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final int BEATS_BETWEEN_SWEEPS = 6;

  private final Owners owners;
  private final String name;
  private final Replayer replayer;
  private final Strays strays;
  private final SecureRandom random = new SecureRandom();
  private final Set<Long> own = new HashSet<>();
  private volatile Owner current = new Owner(0);
  private final AtomicLong takeOvers = new AtomicLong();
  private int beat;

  Lease(Owners owners, Replayer replayer, Strays strays) {
    this.owners = owners;
    this.replayer = replayer;
    this.strays = strays;
    String host = System.getenv().getOrDefault("HOSTNAME", "");
    String process = "process " + ProcessHandle.current().pid() + " " + host;
    this.name = process.strip().substring(0, Math.min(process.strip().length(), 200));
  }

  /** A run of this process, and the numbers of its rows. */
  static final class Owner {
    final long id;
    private final AtomicLong next = new AtomicLong(1);

    private Owner(long id) {
      this.id = id;
    }

    /** The first of so many numbers. */
    long take(int count) {
      return next.getAndAdd(count);
    }
  }

  Owner current() {
    return current;
  }

  void begin(Connection connection) throws SQLException {
    long id;
    do {
      id = random.nextLong() >>> 1;
    } while (!owners.begin(connection, id, name, id));
    own.add(id);
    current = new Owner(id);
  }

  /** Renews the lease, and looks for owners that nobody looks after. */
  void beat(Connection connection) throws SQLException {
    long me = current.id;
    List<Long> claimed = replayer.claimed();
    if (owners.renew(connection, me) != 1 + claimed.size()) {
      for (long owner : claimed) {
        if (!owners.holds(connection, me, owner)) {
          replayer.unclaim(owner);
        }
      }
      if (!owners.holds(connection, me, me)) {
        loseAndBegin(connection);
      }
    }
    claimExpired(connection);
    if (beat++ % BEATS_BETWEEN_SWEEPS == 0) {
      sweep(connection);
      strays.look(connection, current.id);
    }
  }

  private void loseAndBegin(Connection connection) throws SQLException {
    long lost = current.id;
    replayer.claimed().forEach(replayer::unclaim);
    begin(connection);
    LOGGER.warn(
        "The outbox lost its lease (owner {}), as this process or its connection was held up; it"
            + " goes on as owner {}. Events may arrive twice, with the same id.",
        lost,
        current.id);
  }

  private void claimExpired(Connection connection) throws SQLException {
    for (long owner : owners.expired(connection)) {
      if (!own.contains(owner) && owners.claim(connection, owner, current.id)) {
        claimed(owner);
      }
    }
  }

  /** Rows may be committed under an owner that is forgotten already. */
  private void sweep(Connection connection) throws SQLException {
    Set<Long> known = null;
    for (long owner : Rows.owners(connection)) {
      if (own.contains(owner)) {
        continue;
      }
      if (known == null) {
        known = new HashSet<>(owners.all(connection));
      }
      if (!known.contains(owner)
          && owners.begin(connection, owner, "taken over by " + name, current.id)) {
        claimed(owner);
      }
    }
  }

  long takeOvers() {
    return takeOvers.get();
  }

  private void claimed(long owner) {
    takeOvers.incrementAndGet();
    LOGGER.info("Takes over what owner {} has left in the outbox", owner);
    replayer.claim(owner);
  }

  /** Others may go on at once with what is left. */
  void end(Connection connection) throws SQLException {
    long me = current.id;
    if (me == 0) {
      return;
    }
    if (!Rows.has(connection, me)) {
      owners.forget(connection, me, me);
    }
    owners.release(connection, me);
  }

  /** All rows of an owner that was taken over are gone. */
  void finished(Connection connection, long owner) throws SQLException {
    owners.forget(connection, owner, current.id);
    LOGGER.info("Has published what owner {} had left in the outbox", owner);
  }
}
