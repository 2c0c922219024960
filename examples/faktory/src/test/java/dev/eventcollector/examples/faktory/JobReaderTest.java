package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.examples.faktory.FetchedJob.Next;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs that somebody has pushed who means no good, or knows no better. */
class JobReaderTest {

  private static FetchedJob read(String fields) throws MalformedJobException {
    return JobReader.read(("{" + fields + "}").getBytes(StandardCharsets.UTF_8));
  }

  private static FetchedJob job(String fields) throws MalformedJobException {
    return read(fields + ",\"jid\":\"12345678\",\"queue\":\"q\",\"args\":[]");
  }

  @Test
  void should_find_the_id_among_other_fields_of_the_job() throws Exception {
    for (String hostile :
        List.of(
            "\"custom\":" + "[".repeat(100_000) + "]".repeat(100_000),
            "\"custom\":{\"a\":" + "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000) + "}",
            "\"custom\":{\"" + "n".repeat(100_000) + "\":1}",
            "\"custom\":{\"a\":" + "9".repeat(100_000) + "}",
            "\"retry\":" + "9".repeat(100_000),
            "\"retry\":1e999,\"reserve_for\":-1e999",
            "\"retry\":\"x\",\"reserve_for\":[],\"custom\":7,\"failure\":\"x\",\"jobtype\":{}",
            "\"failure\":{\"retry_count\":" + "9".repeat(50) + "}",
            "\"failure\":{\"retry_count\":-5,\"backtrace\":[[[]]]}",
            "\"custom\":null,\"failure\":null,\"retry\":null")) {
      assertThat(job(hostile).jid()).isEqualTo("12345678");
    }
  }

  @Test
  void should_name_the_problem_when_there_is_no_id() {
    for (String json :
        List.of("", "x", "[]", "{}", "{\"jid\":null}", "{\"jid\":{}}", "{\"jid\":")) {
      assertThatExceptionOfType(MalformedJobException.class)
          .as(json)
          .isThrownBy(() -> JobReader.read(json.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void should_name_the_problem_when_the_body_cannot_be_read() throws Exception {
    String custom = ",\"jid\":\"12345678\",\"custom\":{\"event-collector-body\":";
    assertThat(read("\"args\":[\"a\",\"b\"]" + custom + "\"text\"}").problem())
        .contains("not one argument");
    assertThat(read("\"args\":[1]" + custom + "\"text\"}").problem()).contains("no text");
    assertThat(read("\"args\":[\"a\"]" + custom + "\"zip\"}").problem()).contains("neither");
    assertThat(read("\"args\":[\"?\"]" + custom + "\"base64\"}").problem()).contains("base64");
    assertThat(read("\"args\":7,\"jid\":\"12345678\"").problem()).contains("no arguments");
  }

  @Test
  void should_count_attempts_and_foresee_the_next_step_of_faktory() throws Exception {
    assertThat(job("\"retry\":2").delivery().attempt()).isEqualTo(1);
    assertThat(job("\"retry\":2").next()).isEqualTo(Next.RETRY);
    FetchedJob second = job("\"retry\":2,\"failure\":{\"retry_count\":0}");
    assertThat(second.delivery().attempt()).isEqualTo(2);
    assertThat(second.next()).isEqualTo(Next.RETRY);
    assertThat(job("\"retry\":2,\"failure\":{\"retry_count\":1}").next()).isEqualTo(Next.DEAD);
    assertThat(job("\"retry\":0").next()).isEqualTo(Next.DISCARDED);
    assertThat(job("\"retry\":-1").next()).isEqualTo(Next.DEAD);
    assertThat(job("\"x\":0").next()).isEqualTo(Next.RETRY);
  }

  @Test
  void should_know_the_reservation_as_the_server_reckons_it() throws Exception {
    assertThat(job("\"x\":0").reservation()).isEqualTo(Duration.ofMinutes(30));
    assertThat(job("\"reserve_for\":5").reservation()).isEqualTo(Duration.ofSeconds(60));
    assertThat(job("\"reserve_for\":-5").reservation()).isEqualTo(Duration.ofSeconds(60));
    assertThat(job("\"reserve_for\":90").reservation()).isEqualTo(Duration.ofSeconds(90));
    assertThat(job("\"reserve_for\":99999999").reservation()).isEqualTo(Duration.ofDays(1));
  }
}
