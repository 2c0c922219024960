package dev.eventcollector.examples.work.cli;

import static dev.eventcollector.examples.work.ScriptedServer.answer;
import static dev.eventcollector.examples.work.ScriptedServer.endless;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.work.ScriptedServer;
import dev.eventcollector.examples.work.ScriptedServer.Script;
import dev.eventcollector.examples.work.program.ClientProgram;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The exit code and the one line, whatever the server, the network and the output do. */
@Timeout(120)
class WorkCliAnswersTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json";
  private static final String WORK =
      "{\"id\":7,\"work_code\":\"api-x\",\"add_up_to\":4,\"done\":false,"
          + "\"created_on\":1634115636,\"updated_on\":1634115636}";

  private record Ended(int exitCode, String out, String err) {}

  private static Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        WorkCli.commandLine(Map.of())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int code = ClientProgram.exitCode(commandLine, arguments);
    return new Ended(code, out.toString(), err.toString().strip());
  }

  private static Ended ask(Script script, String question) throws Exception {
    try (ScriptedServer server = new ScriptedServer("127.0.0.1", script)) {
      return run(question, "--json", "--api-url=http://127.0.0.1:" + server.port());
    }
  }

  @Test
  void should_end_with_0_when_the_work_comes() throws Exception {
    assertThat(ask(answer(OK, WORK), "--id=7").exitCode()).isZero();
    assertThat(ask(answer(OK, "[" + WORK + "]"), "--work-code=api-").exitCode()).isZero();
  }

  private static List<Arguments> wrongAnswers() {
    return List.of(
        Arguments.of("nothing", answer(OK, "")),
        Arguments.of("null", answer(OK, "null")),
        Arguments.of("text", answer(OK, "\"x\"")),
        Arguments.of("an empty object", answer(OK, "{}")),
        Arguments.of("only its id", answer(OK, "{\"id\":7}")),
        Arguments.of("a work without a code", answer(OK, WORK.replace("work_code", "code"))),
        Arguments.of("a work of texts", answer(OK, WORK.replace("false", "\"false\""))),
        Arguments.of("another work", answer(OK, WORK.replace("7", "8"))),
        Arguments.of("an array", answer(OK, "[" + WORK + "]")),
        Arguments.of("an empty array", answer(OK, "[]")),
        Arguments.of("half of it", answer(OK, WORK.substring(0, 20))),
        Arguments.of("a page", answer("HTTP/1.1 200 OK", "<html>\r\nERROR forged</html>")),
        Arguments.of("a redirect", answer("HTTP/1.1 302 Found\r\nLocation: /", "")),
        Arguments.of("a failure", answer("HTTP/1.1 500 Broken", WORK)),
        Arguments.of("no HTTP", (Script) out -> out.write("SSH-2.0\r\n\r\n".getBytes())),
        Arguments.of("silence", (Script) out -> {}),
        Arguments.of(
            "too little",
            (Script) out -> out.write((OK + "\r\nContent-Length: 99\r\n\r\n{").getBytes())),
        Arguments.of("no end", endless(OK, " ".repeat(65_536).getBytes())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongAnswers")
  void should_end_with_1_and_one_line_when_something_else_comes(String what, Script script)
      throws Exception {
    Ended ended = ask(script, "--id=7");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err()).doesNotContain("\tat ");
  }

  @Test
  void should_end_with_1_when_works_of_another_code_come() throws Exception {
    assertThat(ask(answer(OK, "[" + WORK + "]"), "--work-code=consumer-").exitCode()).isEqualTo(1);
    assertThat(ask(answer(OK, WORK), "--work-code=api-").exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://x:0",
        "http://x:99999",
        "ftp://x",
        "http://",
        "http://u:p@x",
        "http://x?y"
      })
  void should_end_with_2_when_the_url_of_the_api_is_none(String url) {
    Ended ended = run("--id=1", "--api-url=" + url);

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith("--api-url (WORK_API_URL): ");
  }

  static boolean hasFullDevice() {
    return new File("/dev/full").exists();
  }

  @Test
  @EnabledIf("hasFullDevice")
  void should_end_with_1_when_the_output_cannot_be_written() throws Exception {
    try (ScriptedServer server = new ScriptedServer("127.0.0.1", answer(OK, WORK))) {
      for (String question : List.of("--id=7", "--help")) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(WorkCli.class.getName(), question));
        command.add("--api-url=http://127.0.0.1:" + server.port());
        Process process = new ProcessBuilder(command).redirectOutput(new File("/dev/full")).start();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains("the output cannot be written");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(question).isEqualTo(1);
      }
    }
  }
}
