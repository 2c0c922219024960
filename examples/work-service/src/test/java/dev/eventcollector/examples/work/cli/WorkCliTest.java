package dev.eventcollector.examples.work.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.program.ClientProgram;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** Against the database; the way through the API is tried with the whole service. */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class WorkCliTest {

  private final FreshDatabase fresh;
  private final Work work;

  WorkCliTest() throws Exception {
    fresh = FreshDatabase.create();
    try (Database database = fresh.open(2)) {
      work = database.works().create("api-", 4, Instant.now());
    }
  }

  @AfterAll
  void close() throws Exception {
    fresh.close();
  }

  private record Ended(int exitCode, String out, String err) {}

  private Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        WorkCli.commandLine(Map.of("DATABASE_URL", fresh.url(), "WORK_API_URL", ""))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Ended(
        ClientProgram.exitCode(commandLine, arguments), out.toString(), err.toString().strip());
  }

  @Test
  void should_print_work_in_one_line_when_json_is_asked_for() {
    Ended ended = run("--id", String.valueOf(work.id()), "--call-type", "db", "--json");

    assertThat(ended.out().strip()).isEqualTo(JsonMapper.shared().writeValueAsString(work.view()));
    assertThat(ended.exitCode()).isZero();
  }

  @Test
  void should_print_array_without_colours_when_searched_and_not_on_a_terminal() {
    Ended ended = run("--work-code", "api-", "--call-type", "db");

    assertThat(ended.out()).startsWith("[").contains("\"work_code\" : \"" + work.workCode());
    assertThat(ended.out()).doesNotContain("\u001b");
  }

  @Test
  void should_colour_names_when_on_a_terminal() {
    assertThat(new JsonPrinter(false, true).print(JsonMapper.shared().valueToTree(work.view())))
        .contains("\u001b[36m\"work_code\"\u001b[0m : ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--id=2147483647", "--work-code=nobody", "--work-code=%", "--work-code='"})
  void should_end_with_1_when_nothing_is_found(String argument) {
    Ended ended = run(argument, "--call-type=db");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).startsWith("there is no work");
    assertThat(ended.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "abc", "2147483648", ""})
  void should_end_with_2_when_id_is_not_valid(String id) {
    assertThat(run("--id=" + id))
        .isEqualTo(new Ended(2, "", ("This ID is not valid: " + id).strip()));
  }

  @Test
  void should_end_with_2_when_neither_id_nor_code_is_set() {
    assertThat(run()).isEqualTo(new Ended(2, "", "both `id` and `work_code` are not set!"));
  }

  @Test
  void should_end_with_2_when_id_and_code_are_set() {
    assertThat(run("--id=1", "--work-code=a"))
        .isEqualTo(
            new Ended(
                2, "", "both `id` and `work_code` are valid, we cannot use both, choose one!"));
  }

  @Test
  void should_end_with_2_when_call_type_is_unknown() {
    assertThat(run("--id=1", "--call-type=ftp"))
        .isEqualTo(new Ended(2, "", "We expect valid call types: [\"http\", \"db\"]"));
  }

  @Test
  void should_end_with_1_when_api_does_not_answer() {
    Ended ended = run("--id=1", "--api-url=http://127.0.0.1:1");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).contains("does not answer");
  }

  @Test
  void should_end_with_1_and_show_no_password_when_database_does_not_answer() {
    Ended ended =
        run("--id=1", "--call-type=db", "--database-url=postgres://me:secret@127.0.0.1:1/works");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).contains("127.0.0.1:1/works").doesNotContain("secret");
  }

  @Test
  void should_print_completion_script_when_asked_for() {
    assertThat(run("generate-completion").out()).contains("bash").contains("--work-code");
  }
}
