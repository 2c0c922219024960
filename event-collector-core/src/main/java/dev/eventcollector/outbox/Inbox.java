package dev.eventcollector.outbox;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The table of completed deliveries. */
final class Inbox {

  private static final int LONGEST_NAME = 255;
  private static final int BATCH = 1000;
  private static final int MOST_BATCHES = 20;
  private static final long LOOK_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Dialect dialect;
  private final String insert;
  private final long retentionMillis;
  private volatile boolean used;
  private long lookAt = System.nanoTime();

  Inbox(Dialect dialect, String schema, Duration retention) {
    this.dialect = dialect;
    this.insert = dialect.insertDelivery(schema);
    this.retentionMillis = TimeUnit.MILLISECONDS.convert(retention);
  }

  /** In the transaction of the caller; false where the delivery was completed before. */
  boolean record(Connection connection, String queue, @Nullable String messageId)
      throws SQLException {
    byte[] queueBytes = bytes("queue", queue);
    byte[] idBytes = bytes("message id", messageId);
    used = true;
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      statement.setBytes(1, queueBytes);
      statement.setBytes(2, idBytes);
      return statement.executeUpdate() == 1;
    } catch (SQLException e) {
      if (dialect.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }

  private static byte[] bytes(String what, @Nullable String name) {
    if (name == null || name.isEmpty()) {
      throw new UnidentifiedDeliveryException(
          "a delivery without a "
              + what
              + " cannot be recognised when it comes again, so its work cannot be done once only;"
              + " let its sender set the message id, or use inTransaction for it");
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST_NAME) {
      throw new UnidentifiedDeliveryException(
          "a "
              + what
              + " has at most 255 bytes in UTF-8, as in AMQP, but this one has "
              + bytes.length);
    }
    return bytes;
  }

  /**
   * Once a minute, deletes deliveries whose time is over; does nothing while it is not used. Where
   * that fails it is left for the next minute.
   */
  void deleteOld(OwnConnection connection) throws SQLException {
    if (!used || lookAt - System.nanoTime() > 0) {
      return;
    }
    lookAt =
        System.nanoTime() + Math.min(LOOK_NANOS, TimeUnit.MILLISECONDS.toNanos(retentionMillis));
    if (connection.call(this::deleteOld)) {
      lookAt = System.nanoTime();
    }
  }

  /** True when there may be more. */
  private boolean deleteOld(Connection own) throws SQLException {
    int deleted = BATCH;
    try (PreparedStatement delete = own.prepareStatement(dialect.deleteDeliveries())) {
      dialect.bound(delete);
      for (int i = 0; i < MOST_BATCHES && deleted == BATCH; i++) {
        delete.setLong(1, retentionMillis);
        deleted = delete.executeUpdate();
      }
    }
    return deleted == BATCH;
  }
}
