package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as an operator starts it, with the class path that docs/transactions.md names. */
class OutboxCommandProcessTest extends OutboxFixture {

  private static final List<String> NEEDED = List.of("classes", "slf4j-api-", "postgresql-");

  @TempDir Path folder;

  OutboxCommandProcessTest() {
    super(TestDatabase.POSTGRESQL);
  }

  private record Ended(int status, String out, String err) {}

  private Ended run(String... arguments) throws Exception {
    return run(dataSource.getJdbcUrl(), NEEDED, arguments);
  }

  private Ended run(String url, List<String> needed, String... arguments) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath(needed)));
    command.add(OutboxCommand.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "OUTBOX_JDBC_URL",
                url,
                "OUTBOX_JDBC_USER",
                dataSource.getUsername(),
                "OUTBOX_JDBC_PASSWORD",
                "secret"));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static String classPath(List<String> needed) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(
            entry -> needed.stream().anyMatch(Path.of(entry).getFileName().toString()::startsWith))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private List<String> park(String... bodies) throws SQLException {
    storeAsAProcessThatDies(bodies);
    broker.answer = event -> Outcome.returned("no such queue");
    Service service = service(dataSource, outbox -> outbox, events -> events.maxAttempts(1));
    await().until(() -> service.outbox().countParked() == bodies.length);
    List<ParkedEvent> parked = service.outbox().parked(bodies.length);
    service.events().close();
    broker.up();
    return parked.stream().map(ParkedText::key).toList();
  }

  @Test
  void should_list_requeue_and_discard_in_json_and_with_an_exit_status() throws Exception {
    List<String> keys = park("1", "2");

    Ended listed = run("list", "--json");
    assertThat(listed.status()).as(listed.err()).isZero();
    assertThat(listed.out())
        .startsWith("[{\"key\":\"" + keys.get(0))
        .contains("{\"key\":\"" + keys.get(1))
        .endsWith("]\n")
        .hasLineCount(1);

    assertThat(run("requeue", keys.get(0), "--json"))
        .extracting(Ended::status, Ended::out)
        .containsExactly(0, "{\"requeued\":1}\n");
    assertThat(run("discard", keys.get(1), "--json"))
        .extracting(Ended::status, Ended::out)
        .containsExactly(0, "{\"discarded\":1}\n");
    Ended again = run("discard", keys.get(1), "--json");
    assertThat(again.status()).isOne();
    assertThat(again.out()).isEmpty();
    assertThat(again.err()).contains("there is no such parked event");

    service();
    awaitDelivered("1");
    assertThat(broker.delivered).extracting(Event::id).containsExactly("id-1");
  }

  @Test
  void should_fail_with_the_reason_when_the_database_is_away_or_there_is_no_driver()
      throws Exception {
    Ended away = run("jdbc:postgresql://127.0.0.1:" + closedPort() + "/shop", NEEDED, "count");
    assertThat(away.status()).isOne();
    assertThat(away.out()).isEmpty();
    assertThat(away.err()).contains("refused").doesNotContain("secret", "\tat ");

    Ended withoutDriver =
        run(dataSource.getJdbcUrl(), List.of("classes", "slf4j-api-"), "count", "--json");
    assertThat(withoutDriver.status()).isOne();
    assertThat(withoutDriver.out()).isEmpty();
    assertThat(withoutDriver.err()).contains("No suitable driver").doesNotContain("\tat ");
  }

  @Test
  void should_print_the_usage_to_standard_error_when_arguments_are_wrong() throws Exception {
    for (String[] wrong : new String[][] {{}, {"requeue", "17"}, {"list", "--limit", "all"}}) {
      Ended ended = run(wrong);
      assertThat(ended.status()).as(String.join(" ", wrong)).isEqualTo(2);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err()).contains("usage: OutboxCommand");
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
