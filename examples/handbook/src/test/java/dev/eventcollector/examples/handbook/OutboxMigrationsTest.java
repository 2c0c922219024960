package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import liquibase.Scope;
import liquibase.command.CommandScope;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The outbox's tables, made by the tools that make the other ones. */
class OutboxMigrationsTest {

  private static final Path MIGRATION =
      Path.of("src/test/resources/db/migration/V2__event_outbox.sql");

  private JdbcConnectionPool database;

  @BeforeEach
  void start() {
    database = JdbcConnectionPool.create("jdbc:h2:mem:migrations", "sa", "");
    assertThatThrownBy(() -> JdbcOutbox.builder(database).build())
        .isInstanceOf(EventCollectorException.class)
        .hasMessageContaining("create table if not exists event_outbox");
  }

  @AfterEach
  void stop() {
    database.dispose();
  }

  // tag::script
  /** Keeps the library's script as a migration. */
  void writeScript(DataSource dataSource, Path migration) throws SQLException, IOException {
    try (Connection connection = dataSource.getConnection()) {
      Files.writeString(migration, JdbcOutbox.script(connection));
    }
  }

  // end::script

  @Test
  void should_have_the_tables_when_flyway_has_run_the_script() throws Exception {
    Flyway.configure().dataSource(database).load().migrate();

    assertThatTheOutboxWorks();
    assertThatFileIsTheScript();
  }

  @Test
  void should_have_the_tables_when_liquibase_has_run_the_script() throws Exception {
    Logger.getLogger("liquibase").setLevel(Level.WARNING);
    Scope.child(
        Scope.Attr.resourceAccessor,
        new ClassLoaderResourceAccessor(),
        () ->
            new CommandScope("update")
                .addArgumentValue("changelogFile", "db/changelog/changelog.xml")
                .addArgumentValue("url", "jdbc:h2:mem:migrations")
                .addArgumentValue("username", "sa")
                .execute());

    assertThatTheOutboxWorks();
  }

  private void assertThatTheOutboxWorks() {
    JdbcOutbox outbox = JdbcOutbox.builder(database).waitForConfirms(true).build();
    try (InMemoryEventCollector events =
        InMemoryEventCollector.builder().settings(s -> s.outbox(outbox)).build()) {
      AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("hello", "greetings"));
      assertThat(events).published(exactly(1), event().withPayload("hello"));
    }
  }

  private void assertThatFileIsTheScript() throws Exception {
    Path written = Files.createTempFile("outbox", ".sql");
    try {
      writeScript(database, written);
      assertThat(MIGRATION).hasSameTextualContentAs(written);
    } finally {
      Files.delete(written);
    }
  }
}
