package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventStore;
import dev.eventcollector.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that publishes from the table: what is spilled, what was refused, and what other
 * processes have left. It begins with a single event whenever something has failed, which probes
 * the transport, and takes four times as many after each success.
 */
final class Replayer {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final int LARGEST_BATCH = 1024;
  private static final int GROWTH = 4;
  private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EventStore.Host host;
  private final OwnConnection connection;
  private final Traffic traffic;
  private final Deletes deletes;
  private final Parking parking;
  private final long lookAgainNanos;
  private final Map<Long, Claim> claims = new LinkedHashMap<>();
  private @Nullable Finished finished;
  private int batchSize = LARGEST_BATCH;
  private boolean failing;

  Replayer(
      EventStore.Host host,
      OwnConnection connection,
      Traffic traffic,
      Deletes deletes,
      Parking parking,
      long lookAgainNanos) {
    this.host = host;
    this.connection = connection;
    this.traffic = traffic;
    this.deletes = deletes;
    this.parking = parking;
    this.lookAgainNanos = lookAgainNanos;
  }

  /** Called for an owner whose rows are all gone. */
  @FunctionalInterface
  interface Finished {
    void accept(Connection connection, long owner) throws SQLException;
  }

  void whenFinished(Finished action) {
    finished = action;
  }

  /** An owner that was taken over, and up to where it has been read. */
  private static final class Claim {
    private final long owner;
    private long cursor;
    private boolean publishedInPass;
    private long dueAt = System.nanoTime();

    private Claim(long owner) {
      this.owner = owner;
    }
  }

  void claim(long owner) {
    synchronized (claims) {
      claims.put(owner, new Claim(owner));
    }
    traffic.signal();
  }

  void unclaim(long owner) {
    synchronized (claims) {
      claims.remove(owner);
    }
  }

  List<Long> claimed() {
    synchronized (claims) {
      return List.copyOf(claims.keySet());
    }
  }

  private @Nullable Claim nextClaim() {
    synchronized (claims) {
      Claim next = null;
      for (Claim claim : claims.values()) {
        if (next == null || claim.dueAt - next.dueAt < 0) {
          next = claim;
        }
      }
      return next;
    }
  }

  private long nextDueAt() {
    Claim next = nextClaim();
    return next == null ? 0 : next.dueAt;
  }

  /** Until the traffic is stopped. */
  void run() {
    while (true) {
      try {
        Traffic.Replay replay = traffic.awaitReplay(this::nextDueAt);
        if (replay == null) {
          return;
        }
        if (replay instanceof Traffic.Replay.Spilled spilled) {
          replaySpilled(spilled.range());
        } else if (replay instanceof Traffic.Replay.Refused refused) {
          tryAgain(refused.due());
        } else {
          Claim next = nextClaim();
          if (next != null) {
            goOnWith(next);
          }
        }
        Thread.interrupted(); // a listener may have left the interrupt flag set
        reads();
      } catch (InterruptedException e) {
        LOGGER.debug("Interrupted", e); // a listener left it set; the traffic tells when to stop
      } catch (SQLException e) {
        cannotRead(e);
        pauseAfterFailure();
      } catch (RuntimeException | Error e) {
        LOGGER.error("Publishing from the outbox failed, and is tried again", e);
        pauseAfterFailure();
      }
    }
  }

  private void cannotRead(SQLException e) {
    if (!failing) {
      LOGGER.warn("The outbox cannot be read: {}. It is tried again every second.", e.toString());
    }
    LOGGER.debug("The outbox cannot be read", e);
    failing = true;
  }

  private void reads() {
    if (failing) {
      failing = false;
      LOGGER.info("The outbox can be read again");
    }
  }

  private void pauseAfterFailure() {
    try {
      traffic.pause(PAUSE_AFTER_FAILURE_NANOS);
    } catch (InterruptedException e) {
      LOGGER.debug("Interrupted", e);
    }
  }

  private void replaySpilled(Range range) throws SQLException {
    Rows.Batch batch = connection.call(own -> Rows.read(own, range, batchSize));
    long previous = range.first() - 1;
    for (Row row : batch.rows()) {
      noteGone(range.owner(), previous, row.n());
      previous = row.n();
    }
    noteGone(range.owner(), previous, batch.upTo() + 1);
    if (!batch.rows().isEmpty()) {
      publish(batch.rows());
    }
  }

  /** Rows that are missing between two were confirmed by a process that has taken them over. */
  private void noteGone(long owner, long before, long after) {
    if (after - before > 1) {
      traffic.gone(new Range(owner, before + 1, after - 1));
    }
  }

  /** False when the transport has failed. */
  private boolean publish(List<Row> rows) {
    int incident = traffic.incident();
    return settle(rows, attempt(rows), incident);
  }

  /** Refuses rows that cannot be read; they step aside like events that the broker refuses. */
  private List<Outcome> attempt(List<Row> rows) {
    List<Event> events = new ArrayList<>(rows.size());
    for (Row row : rows) {
      if (row.problem() == null) {
        events.add(row.event());
      }
    }
    List<Outcome> outcomes = events.isEmpty() ? List.of() : host.attempt(events);
    if (events.size() == rows.size()) {
      return outcomes;
    }
    Iterator<Outcome> ofReadable = outcomes.iterator();
    List<Outcome> all = new ArrayList<>(rows.size());
    for (Row row : rows) {
      all.add(row.problem() == null ? ofReadable.next() : Outcome.refused(row.problem()));
    }
    return all;
  }

  /** False when the transport has failed. */
  private boolean settle(List<Row> rows, List<Outcome> outcomes, int incident) {
    boolean worked = outcomes.stream().noneMatch(one -> one.status().isTransportTrouble());
    batchSize = worked ? Math.min(batchSize * GROWTH, LARGEST_BATCH) : 1;
    deletes.add(traffic.settleRows(rows, outcomes, incident));
    return worked;
  }

  private void tryAgain(List<Asides.Aside> due) throws SQLException {
    List<Row> rows = new ArrayList<>();
    long bytes = 0;
    int done = 0;
    try {
      for (Asides.Aside aside : due) {
        if (bytes >= Rows.LARGEST_READ_BYTES) {
          List<Row> full = rows;
          rows = new ArrayList<>();
          bytes = 0;
          if (!publish(full)) {
            return; // to no avail for the others, too
          }
        }
        if (aside.toBeParked) {
          parking.park(aside);
          traffic.goneAside(aside.owner, aside.n);
        } else {
          List<Row> row = connection.call(own -> Rows.read(own, aside.range(), 1).rows());
          if (row.isEmpty()) {
            host.confirmed(1); // another process requeued it, or somebody deleted it
            traffic.goneAside(aside.owner, aside.n);
          }
          for (Row one : row) {
            rows.add(one);
            bytes += one.event().sizeInMemory();
          }
        }
        done++;
      }
    } finally {
      for (Asides.Aside aside : due.subList(done, due.size())) {
        traffic.keepAside(aside.owner, aside.n);
      }
      if (!rows.isEmpty()) {
        publish(rows);
      }
    }
  }

  /** Reads and publishes the next rows of an owner, until a whole pass has found none. */
  private void goOnWith(Claim claim) throws SQLException {
    Found found = readNext(claim);
    claim.dueAt = System.nanoTime();
    if (found.last() > claim.cursor) {
      if (found.fresh().isEmpty() || publishOfOther(found.fresh())) {
        claim.cursor = found.last();
      }
      claim.publishedInPass |= !found.fresh().isEmpty();
    } else if (claim.publishedInPass || deletes.sizeOf(claim.owner) > 0) {
      deletes.run();
      claim.publishedInPass = false;
      claim.cursor = 0;
    } else if (traffic.hasAside(claim.owner)) {
      claim.cursor = 0;
      claim.dueAt = System.nanoTime() + lookAgainNanos;
    } else {
      finish(claim);
    }
  }

  /**
   * The next rows of an owner.
   *
   * @param fresh those that are not known yet
   * @param last the number of the last row, known or not; the cursor when there are none
   */
  private record Found(List<Row> fresh, long last) {}

  /** Compares within the use of the connection, as rows are deleted by the same one. */
  private Found readNext(Claim claim) throws SQLException {
    return connection.call(
        own -> {
          Range rest = new Range(claim.owner, claim.cursor + 1, Long.MAX_VALUE);
          Rows.Batch batch = Rows.read(own, rest, batchSize);
          List<Row> fresh = new ArrayList<>(batch.rows().size());
          for (Row row : batch.rows()) {
            if (!traffic.isAside(row.owner(), row.n()) && !deletes.contains(row.owner(), row.n())) {
              fresh.add(row);
            }
          }
          return new Found(fresh, batch.upTo() == rest.last() ? claim.cursor : batch.upTo());
        });
  }

  /** False when the transport has failed: what is confirmed all the same is known by that. */
  private boolean publishOfOther(List<Row> rows) {
    int incident = traffic.incident();
    List<Outcome> outcomes = attempt(rows);
    int ours = 0;
    for (Outcome outcome : outcomes) {
      ours += outcome.status().isTransportTrouble() ? 0 : 1;
    }
    host.takenOver(ours);
    return settle(rows, outcomes, incident);
  }

  private void finish(Claim claim) throws SQLException {
    Finished action = finished;
    if (action != null) {
      connection.call(
          own -> {
            action.accept(own, claim.owner);
            return true;
          });
    }
    unclaim(claim.owner);
  }
}
