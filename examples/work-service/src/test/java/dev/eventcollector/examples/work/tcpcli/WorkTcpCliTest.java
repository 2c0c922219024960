package dev.eventcollector.examples.work.tcpcli;

import static dev.eventcollector.examples.work.ScriptedServer.answer;
import static dev.eventcollector.examples.work.ScriptedServer.endless;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.work.ScriptedServer;
import dev.eventcollector.examples.work.ScriptedServer.Script;
import dev.eventcollector.examples.work.program.ClientProgram;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(180)
class WorkTcpCliTest {

  private static final Script OK = answer("HTTP/1.1 200 OK", "{}");

  private record Ended(int exitCode, String out, String err) {}

  private static Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        WorkTcpCli.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int code = ClientProgram.exitCode(commandLine, arguments);
    return new Ended(code, out.toString(), err.toString().strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[::1]"})
  void should_put_an_ipv6_address_into_brackets_in_the_host_header(String host) throws Exception {
    try (ScriptedServer server = new ScriptedServer("::1", OK)) {
      Ended ended = run("--host", host, "--port", "" + server.port());

      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(server.received()).contains("\r\nHost: [::1]:" + server.port() + "\r\n");
      assertThat(ended.out()).contains("Host: [::1]:").contains("HTTP/1.1 200 OK");
    }
  }

  @Test
  void should_send_digits_that_a_server_understands_in_any_locale() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try (ScriptedServer server = new ScriptedServer("127.0.0.1", OK)) {
      run("--host", "127.0.0.1", "--port", "" + server.port());

      assertThat(server.received()).contains("Host: 127.0.0.1:" + server.port());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void should_end_with_1_when_no_response_comes() throws Exception {
    Script silence = out -> {};
    Script otherwise = out -> out.write("220 mail ready\r\n".getBytes());
    Script noEnd = endless("HTTP/1.1 200 OK", "x".repeat(65_536).getBytes());
    for (Script script : new Script[] {silence, otherwise, noEnd}) {
      try (ScriptedServer server = new ScriptedServer("127.0.0.1", script)) {
        Ended ended = run("--host", "127.0.0.1", "--port", "" + server.port());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).startsWith("127.0.0.1:" + server.port() + ": ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "localhost:3000",
        "127.0.0.1:3000",
        "[127.0.0.1]",
        "[localhost]",
        ":::",
        "[::1",
        "fe80::1%nowhere",
        "http://localhost",
        "-",
        "a..b",
        "x\r\nHost: y"
      })
  void should_end_with_2_and_one_line_when_the_host_is_none(String host) {
    Ended ended = run("--host", host);

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("--host (HOST): '")
        .contains("must be an IP address or a host name");
    assertThat(ended.err().lines()).hasSize(1);
  }

  @Test
  void should_reach_an_ipv4_address_that_is_written_as_ipv6() throws Exception {
    try (ScriptedServer server = new ScriptedServer("127.0.0.1", OK)) {
      Ended ended = run("--host", "::ffff:127.0.0.1", "--port", "" + server.port());

      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(server.received()).contains("\r\nHost: [::ffff:127.0.0.1]:" + server.port());
    }
  }

  @Test
  void should_end_with_2_when_the_port_can_be_nobodys() {
    assertThat(run("--port", "0").exitCode()).isEqualTo(2);
  }
}
