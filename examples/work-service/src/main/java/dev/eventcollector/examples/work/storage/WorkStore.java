package dev.eventcollector.examples.work.storage;

import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.model.WorkCodes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

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

  private final Jdbi jdbi;

  WorkStore(DataSource pool) {
    jdbi = Jdbi.create(pool);
    jdbi.registerRowMapper(Work.class, (row, context) -> work(row));
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
              .mapTo(Work.class)
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
                .mapTo(Work.class)
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
                .mapTo(Work.class)
                .list());
  }

  /** The work that this demand led to. */
  public Optional<Work> findByDemand(String messageId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select works.* from works
                    join handled_demands on handled_demands.work_code = works.work_code
                    where handled_demands.message_id = :messageId
                    """)
                .bind("messageId", messageId)
                .mapTo(Work.class)
                .findOne());
  }

  /**
   * Writes the finished work of a demand, its events, and that the demand was handled: all of it
   * or, when somebody else has handled the demand meanwhile, nothing.
   *
   * @return the work; empty when somebody else has handled the demand
   */
  public Optional<Work> finishDemand(String messageId, int addUpTo, Computation computation) {
    return jdbi.inTransaction(
        handle -> {
          Work work = insert(handle, WorkCodes.OF_CONSUMER, addUpTo, computation.started());
          if (!markHandled(handle, messageId, work.workCode())) {
            handle.rollback();
            return Optional.empty();
          }
          return Optional.of(finish(handle, work, computation));
        });
  }

  /** Waits for a transaction that is marking the same demand; false when it was marked already. */
  private static boolean markHandled(Handle handle, String messageId, String workCode) {
    return handle
            .createUpdate(
                """
                insert into handled_demands (message_id, work_code) values (:messageId, :workCode)
                on conflict (message_id) do nothing
                """)
            .bind("messageId", messageId)
            .bind("workCode", workCode)
            .execute()
        == 1;
  }

  /**
   * Deletes what makes demands recognisable that were handled longer ago than this, by the
   * database's clock. Rows that somebody else is deleting are left to them.
   *
   * @return how many
   */
  public int forgetHandled(Duration age, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    delete from handled_demands where message_id in (
                      select message_id from handled_demands
                      where handled_on < now() - make_interval(secs => :seconds)
                      order by handled_on
                      limit :limit
                      for update skip locked)
                    """)
                .bind("seconds", (double) age.toSeconds())
                .bind("limit", limit)
                .execute());
  }

  /** Does a work; tells when, and the sum. */
  @FunctionalInterface
  public interface Computer {
    /** Computes it. */
    Computation compute(Work work) throws InterruptedException;
  }

  /**
   * Takes one work of the API's that is not done, does it, and writes that down. Others skip it
   * meanwhile. When the computer fails, or the process dies, the work is as it was.
   *
   * @param createdSince older ones are left alone
   * @return the finished work, whose announcement is due; empty when there is nothing to do
   */
  public Optional<Work> finishNext(Instant createdSince, Computer computer)
      throws InterruptedException {
    return jdbi.inTransaction(
        handle -> {
          Optional<Work> taken = take(handle, createdSince);
          if (taken.isEmpty()) {
            return taken;
          }
          Work finished = finish(handle, taken.get(), computer.compute(taken.get()));
          handle
              .createUpdate("insert into due_announcements (work_code) values (:workCode)")
              .bind("workCode", finished.workCode())
              .execute();
          return Optional.of(finished);
        });
  }

  private static Optional<Work> take(Handle handle, Instant createdSince) {
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
        .mapTo(Work.class)
        .findOne();
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
        .mapTo(Work.class)
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

  /** Works of the scheduler that are still to be announced, at most {@value #MAX_FOUND}. */
  public List<Work> dueAnnouncements() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select works.* from works
                    join due_announcements on due_announcements.work_code = works.work_code
                    order by works.id
                    limit :limit
                    """)
                .bind("limit", MAX_FOUND)
                .mapTo(Work.class)
                .list());
  }

  /** The work was announced. */
  public void markAnnounced(Work work) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("delete from due_announcements where work_code = :workCode")
                .bind("workCode", work.workCode())
                .execute());
  }
}
