package dev.eventcollector.outbox;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * The connection that work in a transaction gets. It refuses the calls that would end the
 * transaction: the events would be stored in the next one, without the work they tell of. A
 * rollback to a savepoint drops the events since then.
 */
final class LentConnection implements InvocationHandler {

  private final Connection connection;
  private final Savepoints savepoints;

  private LentConnection(Connection connection, Savepoints savepoints) {
    this.connection = connection;
    this.savepoints = savepoints;
  }

  static Connection of(Connection connection, Savepoints savepoints) {
    return (Connection)
        Proxy.newProxyInstance(
            LentConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new LentConnection(connection, savepoints));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (endsTheTransaction(method)) {
      throw new IllegalStateException(
          method.getName()
              + "() is the outbox's: the transaction is committed when the work returns, and rolled"
              + " back when it throws");
    }
    if (method.getName().equals("equals") && arguments != null) {
      return proxy == arguments[0];
    }
    try {
      Object result = method.invoke(connection, arguments);
      note(method.getName(), arguments, result);
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private void note(String method, Object @Nullable [] arguments, @Nullable Object result) {
    if (result instanceof Savepoint savepoint) {
      savepoints.set(savepoint);
    } else if (arguments != null
        && arguments.length == 1
        && arguments[0] instanceof Savepoint savepoint) {
      if (method.equals("rollback")) {
        savepoints.rolledBack(savepoint);
      } else {
        savepoints.released(savepoint);
      }
    }
  }

  private static boolean endsTheTransaction(Method method) {
    return switch (method.getName()) {
      case "commit", "close", "abort", "setAutoCommit" -> true;
      case "rollback" ->
          method.getParameterCount() == 0; // a rollback to a savepoint is the application's own
      default -> false;
    };
  }
}
