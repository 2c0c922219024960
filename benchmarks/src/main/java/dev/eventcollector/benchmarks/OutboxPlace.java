package dev.eventcollector.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Random;

/**
 * Where a contestant works.
 *
 * @param threads how many place orders
 */
record OutboxPlace(BrokerAccess broker, OutboxDatabase database, int threads) {

  static final String QUEUE = "benchmark-outbox";
  static final int WORKERS = 16;
  static final String BODY = body();

  /** 300 characters that hardly compress. */
  private static String body() {
    return new Random(1)
        .ints(300, 'A', 'z')
        .map(one -> one == '\\' ? '-' : one)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  HikariDataSource pool(int more) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.url());
    config.setUsername(OutboxDatabase.USER);
    config.setPassword("");
    config.setMaximumPoolSize(threads + more);
    config.setMinimumIdle(threads + more);
    config.setAutoCommit(false);
    return new HikariDataSource(config);
  }
}
