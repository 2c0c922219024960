package dev.eventcollector.examples.forwarder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.examples.forwarder.sink.Retries;
import dev.eventcollector.examples.forwarder.sink.SinkAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final Map<String, String> ENDPOINT =
      Map.of("WEBHOOK_POST_ENDPOINT", "http://sink.example/hook");

  @Test
  void should_be_those_of_the_original_when_only_the_endpoint_is_set() {
    Settings settings = Settings.from(List.of(), ENDPOINT);

    assertThat(settings.host()).isNull();
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.batching().size()).isEqualTo(10);
    assertThat(settings.batching().interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.posting().retries())
        .isEqualTo(new Retries(3, Duration.ofSeconds(2), Duration.ofMinutes(1), false, false));
    assertThat(settings.inFlight()).isEqualTo(1);
    assertThat(settings.posting().requestTimeout()).isZero();
    assertThat(settings.posting().gzip()).isFalse();
    assertThat(settings.spoolFile()).isNull();
    assertThat(settings.posting().sink().uri()).hasToString("http://sink.example/hook");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-batch-size 7 -batch-interval 1m30s",
        "--batch-size 7 --batch-interval 1m30s",
        "-batch-size=7 --batch-interval=1m30s"
      })
  void should_read_flags_with_one_or_two_dashes(String flags) {
    Settings settings = Settings.from(List.of(flags.split(" ")), ENDPOINT);

    assertThat(settings.batching().size()).isEqualTo(7);
    assertThat(settings.batching().interval()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void should_prefer_flags_to_the_environment_and_that_to_defaults() {
    Map<String, String> environment =
        Map.of(
            "WEBHOOK_POST_ENDPOINT", "http://a/",
            "WEBHOOK_BATCH_SIZE", "3",
            "WEBHOOK_BATCH_INTERVAL", "500ms");

    Settings settings = Settings.from(List.of("-batch-size", "4"), environment);

    assertThat(settings.batching().size()).isEqualTo(4);
    assertThat(settings.batching().interval()).isEqualTo(Duration.ofMillis(500));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 8080",
    "-http :1, 1",
    "-port 2, 2",
    "-http :1 -port 2, 2",
    "-http :1 -port 0, 0",
    "-http [::1]:5, 5"
  })
  void should_listen_where_flags_say(String flags, int port) {
    List<String> arguments = flags.isEmpty() ? List.of() : List.of(flags.split(" "));

    assertThat(Settings.from(arguments, ENDPOINT).port()).isEqualTo(port);
  }

  @Test
  void should_take_the_port_from_the_environment_unless_a_flag_says_where_to_listen() {
    Map<String, String> environment =
        Map.of("PORT", "9", "WEBHOOK_POST_ENDPOINT", "https://sink.example");

    assertThat(Settings.from(List.of(), environment).port()).isEqualTo(9);
    assertThat(Settings.from(List.of("-http", ":1"), environment).port()).isEqualTo(1);
  }

  @Test
  void should_turn_a_switch_on_when_its_flag_has_no_value() {
    assertThat(Settings.from(List.of("-gzip"), ENDPOINT).posting().gzip()).isTrue();
    assertThat(Settings.from(List.of("-gzip=false"), ENDPOINT).posting().gzip()).isFalse();
  }

  @Test
  void should_send_credentials_as_a_header_and_never_show_them() {
    SinkAddress sink = SinkAddress.parse("https://me:pass%20word@sink.example/hook?token=x");

    assertThat(sink.uri()).hasToString("https://sink.example/hook?token=x");
    assertThat(sink.authorization()).isEqualTo("Basic bWU6cGFzcyB3b3Jk");
    assertThat(sink).hasToString("https://sink.example:443");
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> Settings.from(List.of("-post-endpoint", "ftp://me:word@x/"), Map.of()))
        .withMessageContaining("ftp://***@x/")
        .withMessageNotContaining("word");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-batch-size -1 | -batch-size is \"-1\", but must be a whole number, 0 or more",
        "-batch-size ten | -batch-size is \"ten\", but must be a whole number, 0 or more",
        "-batch-interval -1s | -batch-interval is \"-1s\", but must be a duration such as 1m30s or 500ms, 0 or more",
        "-batch-interval 10 | -batch-interval is \"10\", but must be a duration such as 1m30s or 500ms, 0 or more",
        "-batch-size 0 -batch-interval 0 | -batch-size is \"0\", but must not be 0 together with the interval: -batch-interval is \"0\"",
        "-post-endpoint /hook | -post-endpoint is \"/hook\", but must be an absolute http or https URL; it is required",
        "-post-endpoint http:///x | -post-endpoint is \"http:///x\", but must be an absolute http or https URL; it is required",
        "-http 8080 | -http is \"8080\", but must be host:port or :port, with a port of 0 to 65535",
        "-port 65536 | -port is \"65536\", but must be a whole number, 0 to 65535",
        "-batch-size 11 -buffer-records 10 | -batch-size is \"11\", but must not be above -buffer-records, which is 10",
        "-retry-delay 2m | -retry-delay is \"2m\", but must not be above -retry-max-delay, which is 1m",
        "-gzip=perhaps | -gzip is \"perhaps\", but must be true or false",
        "-batch-sise 3 | -batch-sise is not a flag; -help lists them all",
        "-batch-size | -batch-size needs a value: records that make a batch full; 0: only the interval counts"
      })
  void should_name_setting_value_and_rule_when_a_flag_is_wrong(String flags, String message) {
    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> Settings.from(List.of(flags.split(" ")), ENDPOINT))
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).contains(message));
  }

  @Test
  void should_name_every_wrong_setting_at_once_and_where_it_comes_from() {
    Map<String, String> environment =
        Map.of("WEBHOOK_BATCH_SIZE", "many", "WEBHOOK_BATCH_INTERVAL", "soon");

    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> Settings.from(List.of("-in-flight", "0"), environment))
        .withMessage(
            """
            WEBHOOK_BATCH_SIZE is "many", but must be a whole number, 0 or more
            WEBHOOK_BATCH_INTERVAL is "soon", but must be a duration such as 1m30s or 500ms, 0 or more
            -post-endpoint is "", but must be an absolute http or https URL; it is required
            -in-flight is "0", but must be a whole number, 1 to 100""");
  }

  @Test
  void should_keep_a_message_to_a_short_plain_line_when_the_value_is_hostile() {
    String hostile = "1\r\nlevel=ERROR \u001b[31m\u202e" + "x".repeat(100_000);

    assertThatExceptionOfType(InvalidSettingsException.class)
        .isThrownBy(() -> Settings.from(List.of("-batch-size", hostile, "-" + hostile), ENDPOINT))
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).lines())
                    .hasSize(2)
                    .allMatch(line -> line.matches("\\p{Print}{1,700}")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_refuse_one_file_for_log_and_spool_by_any_name(@TempDir Path folder)
      throws IOException {
    Path spool = folder.resolve("spool");
    Path link = Files.createSymbolicLink(folder.resolve("link"), spool); // to no file yet
    Path real = Files.createFile(Files.createDirectory(folder.resolve("volume")).resolve("real"));
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), real);
    Path hard = Files.createLink(folder.resolve("hard"), real);
    List<List<Path>> same =
        List.of(
            List.of(spool, spool),
            List.of(spool, link),
            List.of(spool, folder.resolve("./volume/../spool")),
            List.of(spool, folder.resolve("spool.refused")),
            List.of(spool, folder.resolve("spool.damaged")),
            List.of(linked, hard),
            List.of(linked, folder.resolve("volume/real.refused")));
    for (List<Path> both : same) {
      assertThatExceptionOfType(InvalidSettingsException.class)
          .isThrownBy(
              () ->
                  Settings.from(
                      List.of("-spool-file=" + both.get(0), "-log-file=" + both.get(1)), ENDPOINT))
          .withMessageContaining("must be another file than");
    }
    List<String> apart = List.of("-spool-file=" + linked, "-log-file=" + spool);
    assertThat(Settings.from(apart, ENDPOINT).logFile()).isEqualTo(spool);
  }
}
