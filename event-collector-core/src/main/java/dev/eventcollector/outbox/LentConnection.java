package dev.eventcollector.outbox;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * The connection that work in a transaction gets. It refuses the calls that would end the
 * transaction: the events would be stored in the next one, without the work they tell of.
 */
final class LentConnection implements InvocationHandler {

  private final Connection connection;

  private LentConnection(Connection connection) {
    this.connection = connection;
  }

  static Connection of(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            LentConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new LentConnection(connection));
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
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
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
