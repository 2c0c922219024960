package dev.eventcollector.examples.support.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.support.testing.Launch;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program from its start to its exit code, in a process of its own. */
class ProgramTest {

  private static final String CLOSED =
      "closed the second part\nclosed the first part\n".replace("\n", System.lineSeparator());

  @TempDir private Path folder;

  private static Launch sample(String... arguments) {
    return AppProcess.of(SampleProgram.class).with("PORT", "0").arguments(arguments);
  }

  @Test
  void should_exit_with_2_and_a_line_per_setting_when_some_are_wrong() throws Exception {
    try (AppProcess app = sample("--bind-address=a\nb", "--nope").start(folder)) {
      assertThat(app.exitCode()).isEqualTo(2);
      assertThat(app.output().lines())
          .containsExactlyInAnyOrder(
              "sample: --bind-address (BIND_ADDRESS): 'a b' must be an IP address or a host name",
              "sample: '--nope' is no setting; --help lists them all");
    }
  }

  @Test
  void should_exit_with_0_and_start_nothing_when_asked_for_help() throws Exception {
    try (AppProcess app = sample("--help").start(folder)) {
      assertThat(app.exitCode()).isZero();
      assertThat(app.output()).startsWith("Usage: sample").doesNotContain("closed");
    }
  }

  @Test
  void should_exit_with_1_and_one_line_and_close_its_parts_when_it_cannot_start() throws Exception {
    try (AppProcess app = sample("--fail=start").start(folder)) {
      assertThat(app.exitCode()).isEqualTo(1);
      assertThat(app.output())
          .isEqualTo(
              "sample: java.lang.IllegalStateException: no such luck"
                  + System.lineSeparator()
                  + CLOSED);
    }
  }

  @Test
  void should_exit_with_1_and_say_so_when_its_port_is_taken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0);
        AppProcess app =
            sample("--port=" + taken.getLocalPort(), "--bind-address=0.0.0.0").start(folder)) {
      assertThat(app.exitCode()).isEqualTo(1);
      assertThat(app.output())
          .startsWith("sample: cannot listen at 0.0.0.0:" + taken.getLocalPort() + ": ")
          .endsWith(CLOSED);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_drain_and_close_its_parts_and_exit_with_0_when_it_gets_a_sigterm() throws Exception {
    try (AppProcess app = sample().start(folder)) {
      app.awaitListening();

      assertThat(app.end()).as(app.output()).isZero();
      assertThat(app.output()).contains("drained: nothing is left").endsWith(CLOSED);
    }
  }

  @Test
  void should_end_as_by_a_signal_when_it_ends_itself() throws Exception {
    try (AppProcess app = sample("--fail=later").start(folder)) {
      assertThat(app.exitCode()).isZero();
      assertThat(app.output()).contains("drained: nothing is left").endsWith(CLOSED);
    }
  }

  @ParameterizedTest
  @CsvSource({"drain, 200ms, not drained within 200ms", "badly, 1m, not everything was drained"})
  @DisabledOnOs(OS.WINDOWS)
  void should_exit_with_1_and_close_its_parts_when_it_is_not_drained(
      String fail, String timeout, String reason) throws Exception {
    try (AppProcess app = sample("--fail", fail, "--drain-timeout", timeout).start(folder)) {
      app.awaitListening();

      assertThat(app.end()).isEqualTo(1);
      assertThat(app.output()).contains(reason).endsWith(CLOSED);
    }
  }

  @Test
  @EnabledIf("hasFullDevice")
  void should_exit_with_1_when_the_help_cannot_be_written() throws Exception {
    try (AppProcess app = sample("--help").by("exec >/dev/full").start(folder)) {
      assertThat(app.exitCode()).isEqualTo(1);
      assertThat(app.output()).isEqualToIgnoringNewLines("sample: the output cannot be written");
    }
  }

  static boolean hasFullDevice() {
    return Files.exists(Path.of("/dev/full"));
  }

  @Test
  void should_log_one_bounded_line_per_event_when_text_has_line_ends() throws Exception {
    try (AppProcess app = sample().start(folder)) {
      app.await("forged line");

      assertThat(app.lines("one\\?\\?line"))
          .singleElement()
          .asString()
          .contains("SampleProgram m-1?2: one??line xxx", "xxx size=3")
          .hasSizeLessThan(2_200);
      assertThat(app.lines("^forged line|^line|^\"")).isEmpty();
      assertThat(app.lines("forged line")).singleElement().asString().contains("a? forged line");
    }
  }

  @Test
  void should_log_one_bounded_object_per_event_when_the_format_is_json() throws Exception {
    try (AppProcess app = sample("--log-format=json").start(folder)) {
      app.await("forged line");

      assertThat(app.lines("line xxx"))
          .singleElement()
          .asString()
          .startsWith("{")
          .contains("\"mdc\": {\"messageId\":\"m-1\\n2\"}", "\"size\":\"3\"")
          .hasSizeLessThan(2_600);
      assertThat(app.output().lines().filter(line -> line.contains("forged line")))
          .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
    }
  }
}
