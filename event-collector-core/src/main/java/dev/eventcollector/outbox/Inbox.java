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
  private final long retentionMillis;
  private volatile boolean used;
  private long lookAt = System.nanoTime();

  Inbox(Dialect dialect, Duration retention) {
    this.dialect = dialect;
    this.retentionMillis = TimeUnit.MILLISECONDS.convert(retention);
  }

  /** In the transaction of the caller; false where the delivery was completed before. */
  boolean record(Connection connection, String queue, @Nullable String messageId)
      throws SQLException {
    byte[] queueBytes = bytes("queue", queue);
    byte[] idBytes = bytes("message id", messageId);
    used = true;
    try (PreparedStatement insert = connection.prepareStatement(dialect.insertDelivery)) {
      insert.setBytes(1, queueBytes);
      insert.setBytes(2, idBytes);
      insert.setLong(3, System.currentTimeMillis());
      return insert.executeUpdate() == 1;
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

  /** Once a minute, deletes deliveries whose time is over; does nothing while it is not used. */
  void deleteOld(Connection own) throws SQLException {
    if (!used || lookAt - System.nanoTime() > 0) {
      return;
    }
    int deleted = BATCH;
    try (PreparedStatement delete = own.prepareStatement(dialect.deleteDeliveries)) {
      for (int i = 0; i < MOST_BATCHES && deleted == BATCH; i++) {
        delete.setLong(1, System.currentTimeMillis() - retentionMillis);
        deleted = delete.executeUpdate();
      }
    }
    if (deleted < BATCH) {
      lookAt =
          System.nanoTime() + Math.min(LOOK_NANOS, TimeUnit.MILLISECONDS.toNanos(retentionMillis));
    }
  }
}
