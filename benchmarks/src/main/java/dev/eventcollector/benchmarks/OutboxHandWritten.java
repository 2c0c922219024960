package dev.eventcollector.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The shortest way by hand: a batched insert in the order's transaction, the commit, the chunk
 * published by the same thread, and confirmed rows deleted by key, in batches, by another thread.
 * It takes nothing over from a process that has died.
 */
final class OutboxHandWritten implements OutboxContestant {

  private static final int LARGEST_DELETE = 5_000;

  private final HikariDataSource pool;
  private final HandWritten publisher;
  private final ConfirmingSessions sessions;
  private final AtomicLong next = new AtomicLong(1);
  private final AtomicLong confirmed = new AtomicLong();
  private final Queue<long[]> deletes = new ConcurrentLinkedQueue<>();
  private final Thread deleter = new Thread(this::delete, "hand-written-deletes");
  private volatile boolean closed;

  OutboxHandWritten(OutboxPlace place) throws Exception {
    place.database().execute("drop table if exists hand_written_outbox");
    place
        .database()
        .execute(
            "create table hand_written_outbox"
                + " (n bigint primary key, id text, queue text, body bytea)");
    pool = place.pool(1);
    publisher = new HandWritten(place.broker());
    sessions = new ConfirmingSessions(publisher);
    deleter.start();
  }

  @Override
  public void placeOrder(int events) throws Exception {
    byte[] body = OutboxPlace.BODY.getBytes(StandardCharsets.ISO_8859_1);
    long first = next.getAndAdd(events);
    try (Connection connection = pool.getConnection()) {
      OutboxDatabase.insertOrder(connection);
      try (PreparedStatement insert =
          connection.prepareStatement("insert into hand_written_outbox values (?, ?, ?, ?)")) {
        for (int i = 0; i < events; i++) {
          insert.setLong(1, first + i);
          insert.setString(2, "hand-written-" + (first + i));
          insert.setString(3, OutboxPlace.QUEUE);
          insert.setBytes(4, body);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
    }
    sessions.publish(body, events);
    confirmed.addAndGet(events);
    deletes.add(new long[] {first, events});
  }

  private void delete() {
    while (!closed) {
      List<Long> keys = new ArrayList<>();
      for (long[] one; keys.size() < LARGEST_DELETE && (one = deletes.poll()) != null; ) {
        for (long n = one[0]; n < one[0] + one[1]; n++) {
          keys.add(n);
        }
      }
      if (keys.isEmpty()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      } else {
        delete(keys);
      }
    }
  }

  private void delete(List<Long> keys) {
    try (Connection connection = pool.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("delete from hand_written_outbox where n = any (?)")) {
      delete.setArray(1, connection.createArrayOf("bigint", keys.toArray()));
      delete.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long confirmed() {
    return confirmed.get();
  }

  @Override
  public String table() {
    return "hand_written_outbox";
  }

  @Override
  public void close() throws Exception {
    closed = true;
    deleter.join();
    publisher.close();
    pool.close();
  }
}
