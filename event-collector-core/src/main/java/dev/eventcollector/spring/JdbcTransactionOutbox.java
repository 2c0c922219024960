package dev.eventcollector.spring;

import dev.eventcollector.UnitOfWork;
import dev.eventcollector.outbox.JdbcOutbox;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Stores on the connection that JDBC's or JPA's transaction manager has bound to the thread. */
final class JdbcTransactionOutbox implements TransactionOutbox {

  private final JdbcOutbox outbox;
  private final DataSource dataSource;

  JdbcTransactionOutbox(JdbcOutbox outbox) {
    this.outbox = outbox;
    this.dataSource = underTransactions(outbox.dataSource());
  }

  /**
   * Transaction managers bind connections under the data source that such a proxy is for. The proxy
   * itself lends the bound connection again: what the outbox commits apart would end the
   * transaction around it.
   */
  static DataSource underTransactions(DataSource dataSource) {
    DataSource target =
        dataSource instanceof TransactionAwareDataSourceProxy proxy
            ? proxy.getTargetDataSource()
            : null;
    return target == null ? dataSource : target;
  }

  @Override
  public @Nullable Object boundConnection() {
    return TransactionSynchronizationManager.getResource(dataSource);
  }

  /**
   * Not where {@link DataSourceTransactionManager} is the manager: it has nothing to write, and
   * asks entity managers beside it, which are closed by now.
   */
  @Override
  public void flush(TransactionStatus transaction) {
    boolean jdbc =
        transaction instanceof DefaultTransactionStatus status
            && status.getTransaction().getClass().getEnclosingClass()
                == DataSourceTransactionManager.class;
    if (!jdbc) {
      transaction.flush();
    }
  }

  @Override
  public void store(UnitOfWork unit) throws SQLException {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try {
      outbox.store(unit, connection);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource); // which stays with its transaction
    }
  }
}
