package dev.eventcollector.examples.work.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Has the pool close a connection that takes no changes. After a failover it leads to the server
 * that was the primary one, and would stay in the pool; a new one leads to the new primary.
 */
final class ReadOnlyConnections implements SQLExceptionOverride {

  private static final String READ_ONLY_SQL_TRANSACTION = "25006";

  @java.lang.Override // the name is that of the result here
  public Override adjudicate(SQLException failure) {
    return READ_ONLY_SQL_TRANSACTION.equals(failure.getSQLState())
        ? Override.MUST_EVICT
        : Override.CONTINUE_EVICT;
  }
}
