package dev.eventcollector.examples.transactions;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;

/** A server of PostgreSQL, which ends with the JVM. */
final class Postgres {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private Postgres() {}

  /** Has it started when it is first used. */
  private static final class Server {
    static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres postgres =
            EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofSeconds(60))
                .setRegisterShutdownHook(false)
                .start();
        SpringApplication.getShutdownHandlers() // after all contexts
            .add(
                () -> {
                  try {
                    postgres.close();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
        return postgres;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Lets a test have an empty database of its own. */
  static void newDatabase(DynamicPropertyRegistry properties) {
    String name = "test_" + DATABASES.incrementAndGet();
    JdbcClient.create(Server.RUNNING.getPostgresDatabase()).sql("create database " + name).update();
    properties.add("spring.datasource.url", () -> Server.RUNNING.getJdbcUrl("postgres", name));
  }
}
