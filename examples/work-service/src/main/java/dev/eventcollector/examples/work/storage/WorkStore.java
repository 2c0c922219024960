package dev.eventcollector.examples.work.storage;

import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.model.WorkCodes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * All of the SQL. Values are always parameters.
 *
 * <p>Safe for use by many threads. Methods throw {@link org.jdbi.v3.core.JdbiException} when the
 * database fails.
 */
public final class WorkStore {

  /** How many works a search finds at most. */
  public static final int MAX_FOUND = 100;

  private static final int CODE_ATTEMPTS = 5;

  private static final RowMapper<Work> WORK = (row, context) -> work(row);

  private final Jdbi jdbi;

  WorkStore(DataSource pool) {
    jdbi = Jdbi.create(pool);
  }

  private static Work work(ResultSet row) throws SQLException {
    return new Work(
        row.getInt("id"),
        row.getString("work_code"),
        row.getInt("add_up_to"),
        row.getBoolean("done"),
        row.getObject("result", Long.class),
        row.getObject("created_on", OffsetDateTime.class).toInstant(),
        row.getObject("updated_on", OffsetDateTime.class).toInstant());
  }

  /** The type that the driver takes for a timestamptz. */
  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** Makes a work that is to be done, with a new code that begins like this. */
  public Work create(String codePrefix, int addUpTo, Instant now) {
    return jdbi.withHandle(handle -> insert(handle, codePrefix, addUpTo, now));
  }

  /** Codes are random: one that is taken is rarer than a lost lottery, but it must do no harm. */
  private static Work insert(Handle handle, String codePrefix, int addUpTo, Instant now) {
    for (int attempt = 0; attempt < CODE_ATTEMPTS; attempt++) {
      Optional<Work> work =
          handle
              .createQuery(
                  """
                  insert into works (work_code, add_up_to, created_on, updated_on)
                  values (:code, :addUpTo, :now, :now)
                  on conflict (work_code) do nothing
                  returning *
                  """)
              .bind("code", WorkCodes.next(codePrefix))
              .bind("addUpTo", addUpTo)
              .bind("now", time(now))
              .map(WORK)
              .findOne();
      if (work.isPresent()) {
        return work.get();
      }
    }
    throw new IllegalStateException(CODE_ATTEMPTS + " random work codes in a row were taken");
  }

  /** The work with this id. */
  public Optional<Work> find(int id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from works where id = :id")
                .bind("id", id)
                .map(WORK)
                .findOne());
  }

  /** The newest {@value #MAX_FOUND} works whose code starts like this, newest first. */
  public List<Work> findByPrefixOfCode(String prefix) {
    if (prefix.indexOf('\0') >= 0) {
      return List.of(); // which PostgreSQL's text cannot hold
    }
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from works
                    where starts_with(work_code collate "C", :prefix)
                    order by id desc
                    limit :limit
                    """)
                .bind("prefix", prefix)
                .bind("limit", MAX_FOUND)
                .map(WORK)
                .list());
  }

  /** Writes, in this transaction, a new work of the consumer that is done, and its events. */
  public Work createDone(Connection transaction, int addUpTo, Computation computation) {
    try (Handle handle = Jdbi.create(transaction).open()) {
      Work work = insert(handle, WorkCodes.OF_CONSUMER, addUpTo, computation.started());
      return finish(handle, work, computation);
    }
  }

  /**
   * Takes one work of the API's that is not done; others skip it until this transaction ends.
   *
   * @param createdSince older ones are left alone
   */
  public Optional<Work> take(Connection transaction, Instant createdSince) {
    try (Handle handle = Jdbi.create(transaction).open()) {
      return handle
          .createQuery(
              """
              select * from works
              where not done and starts_with(work_code, :prefix) and created_on >= :createdSince
              order by id
              limit 1
              for update skip locked
              """)
          .bind("prefix", WorkCodes.OF_API)
          .bind("createdSince", time(createdSince))
          .map(WORK)
          .findOne();
    }
  }

  /** How many works of the API's are not done. */
  public int countToDo() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select count(*) from works where not done and starts_with(work_code, :prefix)
                    """)
                .bind("prefix", WorkCodes.OF_API)
                .mapTo(Integer.class)
                .one());
  }

  /** Writes, in this transaction, that a work is done, and its events. */
  public Work finish(Connection transaction, Work work, Computation computation) {
    try (Handle handle = Jdbi.create(transaction).open()) {
      return finish(handle, work, computation);
    }
  }

  private static Work finish(Handle handle, Work work, Computation computation) {
    insertEvent(handle, work, "compute/start", "", computation.started());
    insertEvent(handle, work, "compute/stop", "", computation.stopped());
    insertEvent(
        handle, work, "compute/result", Long.toString(computation.sum()), computation.stopped());
    return handle
        .createQuery(
            """
            update works set done = true, result = :result, updated_on = :now where id = :id
            returning *
            """)
        .bind("result", computation.sum())
        .bind("now", time(computation.stopped()))
        .bind("id", work.id())
        .map(WORK)
        .one();
  }

  private static void insertEvent(
      Handle handle, Work work, String variable, String value, Instant now) {
    handle
        .createUpdate(
            """
            insert into events (work_code, variable, value, created_on)
            values (:workCode, :variable, :value, :now)
            """)
        .bind("workCode", work.workCode())
        .bind("variable", variable)
        .bind("value", value)
        .bind("now", time(now))
        .execute();
  }
}
