package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class DeletesTest {

  /** The caller has a lease to renew; an endless loop under load cost it. */
  @Test
  void should_return_when_more_comes_with_each_delete_promise_14() throws SQLException {
    List<Runnable> afterCommit = new CopyOnWriteArrayList<>();
    DataSource dataSource = telling(TestDatabase.H2.empty(), afterCommit);
    try (OwnConnection own = new OwnConnection(dataSource, Dialect.H2, "")) {
      Deletes deletes = new Deletes(own, Dialect.H2);
      long[] next = {1};
      afterCommit.add(() -> deletes.add(List.of(new Range(7, ++next[0], next[0]))));
      deletes.add(List.of(new Range(7, 1, 1)));

      assertTimeoutPreemptively(Duration.ofSeconds(60), deletes::run);

      assertThat(deletes.size()).isEqualTo(1);
    }
  }

  private static DataSource telling(DataSource dataSource, List<Runnable> afterCommit) {
    return proxy(
        DataSource.class,
        dataSource,
        (method, result) ->
            proxy(
                Connection.class,
                (Connection) result,
                (name, nothing) -> {
                  if (name.equals("commit")) {
                    afterCommit.forEach(Runnable::run);
                  }
                  return nothing;
                }));
  }

  @FunctionalInterface
  private interface After {
    Object call(String method, Object result);
  }

  private static <T> T proxy(Class<T> type, T delegate, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            DeletesTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return after.call(method.getName(), method.invoke(delegate, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
