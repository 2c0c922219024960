package dev.eventcollector.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Lets commits, or connections, fail as told; counts what is given out. */
final class UnreliableDataSource {

  enum Commit {
    WORKS,
    FAILS_BEFORE,
    FAILS_AFTERWARDS
  }

  volatile Commit commit = Commit.WORKS;
  volatile boolean refusing;
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  private final DataSource dataSource;

  UnreliableDataSource(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  DataSource get() {
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> {
              if (method.getName().equals("getConnection")) {
                if (refusing) {
                  refused.incrementAndGet();
                  throw new SQLException("no connection");
                }
                connections.incrementAndGet();
                return unreliable(dataSource.getConnection());
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  private Connection unreliable(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, args) -> {
              if (method.getName().equals("commit") && commit != Commit.WORKS) {
                if (commit == Commit.FAILS_AFTERWARDS) {
                  connection.commit();
                } else {
                  connection.rollback();
                }
                throw new SQLException("the connection was lost during the commit", "08006");
              }
              try {
                return method.invoke(connection, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
