package dev.eventcollector.examples.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.work.ProgramProcess.Surroundings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An embedded database ends with its process, however that ends. */
@Timeout(240)
@DisabledOnOs(OS.WINDOWS)
class EmbeddedPartsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private Surroundings nothing;

  @BeforeEach
  void describe() {
    nothing = new Surroundings(directory, "", "");
  }

  private static int databaseOf(ProgramProcess program) {
    String started = "DATABASE_URL=postgres://postgres@127.0.0.1:";
    await().atMost(PATIENCE).until(() -> program.says(started));
    return Integer.parseInt(program.findAll(started + "(\\d+)").get(0));
  }

  private static void awaitGone(int port) {
    await().atMost(PATIENCE).until(() -> isGone(port));
  }

  private static boolean isGone(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void should_end_the_database_when_the_process_is_killed() throws Exception {
    try (ProgramProcess program = nothing.start(WorkService.class, "--port=0")) {
      int port = databaseOf(program);
      await().atMost(PATIENCE).until(() -> program.says("listening on "));

      program.kill();

      awaitGone(port);
    }
  }

  @Test
  void should_end_the_database_when_the_process_is_told_to_end_while_it_starts() throws Exception {
    try (ProgramProcess program = nothing.start(WorkService.class, "--port=0")) {
      int port = databaseOf(program); // the tables, the API and the broker come later

      assertThat(program.end()).as(program.log()).isZero();

      awaitGone(port);
    }
  }

  @Test
  void should_end_the_database_and_say_one_line_when_the_port_is_taken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ProgramProcess program =
            nothing.start(WorkService.class, "--port=" + taken.getLocalPort())) {
      int port = databaseOf(program);

      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(program.log())
          .contains("work-service: cannot listen at 127.0.0.1:" + taken.getLocalPort())
          .doesNotContain("\tat ");
      awaitGone(port);
    }
  }
}
