package dev.eventcollector.spring;

import dev.eventcollector.UnitOfWork;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionStatus;

/** The outbox, as transactions see it. */
interface TransactionOutbox {

  /**
   * The resource for the outbox's database that a transaction has bound to this thread; null when
   * there is none.
   */
  @Nullable Object boundConnection();

  /** Writes what the transaction has in memory: entities. */
  void flush(TransactionStatus transaction);

  /** Stores the events of a unit on that connection. */
  void store(UnitOfWork unit) throws SQLException;
}
