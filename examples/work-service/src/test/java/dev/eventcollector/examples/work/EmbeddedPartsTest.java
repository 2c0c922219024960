package dev.eventcollector.examples.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.testing.AppProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  private static int databaseOf(AppProcess program) {
    String started = "DATABASE_URL=postgres://postgres@127.0.0.1:";
    program.await(started);
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
    try (AppProcess program = nothing.start(WorkService.class, "--port=0")) {
      int port = databaseOf(program);
      program.await("listening on ");

      program.kill();

      awaitGone(port);
    }
  }

  @Test
  void should_leave_nothing_behind_when_the_process_is_killed_while_the_database_starts()
      throws Exception {
    String binaries = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg").toString();
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    try (AppProcess program =
        nothing
            .of(WorkService.class, "--port=0")
            .jvm("-Djava.io.tmpdir=" + temporary, "-Dot.epg.working-dir=" + binaries)
            .start(directory)) {
      long postmaster =
          await()
              .atMost(PATIENCE)
              .pollInterval(1, TimeUnit.MILLISECONDS)
              .until(() -> postmaster(temporary), pid -> pid > 0);

      program.kill();

      await()
          .atMost(PATIENCE)
          .until(() -> ProcessHandle.of(postmaster).filter(ProcessHandle::isAlive).isEmpty());
      await().atMost(PATIENCE).until(() -> filesIn(temporary, "").isEmpty());
    }
  }

  /** As it writes it as soon as it starts; negative while initdb is at work, 0 for none. */
  private static long postmaster(Path temporary) throws IOException {
    for (Path pidFile : filesIn(temporary, "postmaster.pid")) {
      try (Stream<String> lines = Files.lines(pidFile)) {
        return lines.findFirst().map(Long::valueOf).orElse(0L);
      } catch (IOException | NumberFormatException | UncheckedIOException e) {
        return 0; // it has just gone, or is just being written
      }
    }
    return 0;
  }

  /** The data directories in it, or one of the files that each of them has. */
  private static List<Path> filesIn(Path temporary, String name) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files
          .filter(Files::isDirectory)
          .filter(file -> !file.getFileName().toString().startsWith("hsperfdata"))
          .map(file -> file.resolve(name))
          .filter(Files::exists)
          .toList();
    }
  }

  @Test
  void should_start_and_end_when_the_language_has_letters_of_its_own() throws Exception {
    try (AppProcess program =
        nothing
            .of(WorkService.class, "--port=0")
            .jvm("-Duser.language=tr", "-Duser.country=TR", "-Duser.extensions=u-nu-thai")
            .start(directory)) {
      program.await("consuming ");

      assertThat(program.findAll("listening on (http://127.0.0.1:[0-9]+)\n")).hasSize(1);
      assertThat(program.end()).as(program.output()).isZero();
    }
  }

  @Test
  void should_end_with_1_when_a_work_in_the_embedded_database_is_not_done() throws Exception {
    try (AppProcess program = nothing.start(WorkService.class, "--port=0", "--scheduler=off")) {
      program.await("listening on ");
      URI work = URI.create(program.findAll("listening on (\\S+)").get(0)).resolve("/work");
      HttpRequest post =
          HttpRequest.newBuilder(work).POST(HttpRequest.BodyPublishers.noBody()).build();
      assertThat(
              HttpClient.newHttpClient()
                  .send(post, HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
      program.await("consuming ");

      assertThat(program.end()).as(program.output()).isEqualTo(1);

      assertThat(program.output())
          .contains("1 work(s) are to be done; the embedded database ends with them")
          .doesNotContain("drained: nothing is left");
    }
  }

  @Test
  void should_end_the_database_when_the_process_is_told_to_end_while_it_starts() throws Exception {
    try (AppProcess program = nothing.start(WorkService.class, "--port=0")) {
      int port = databaseOf(program); // the tables, the API and the broker come later

      assertThat(program.end()).as(program.output()).isZero();

      awaitGone(port);
    }
  }

  @Test
  void should_end_the_database_and_say_one_line_when_the_port_is_taken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        AppProcess program = nothing.start(WorkService.class, "--port=" + taken.getLocalPort())) {
      int port = databaseOf(program);

      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(program.output())
          .contains("work-service: cannot listen at 127.0.0.1:" + taken.getLocalPort())
          .doesNotContain("\tat ");
      awaitGone(port);
    }
  }
}
