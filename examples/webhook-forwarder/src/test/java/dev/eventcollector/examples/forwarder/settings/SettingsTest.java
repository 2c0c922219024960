package dev.eventcollector.examples.forwarder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.examples.forwarder.sink.Retries;
import dev.eventcollector.examples.forwarder.sink.SinkAddress;
import dev.eventcollector.examples.support.settings.WrongSettingException;
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
  void should_be_those_of_the_original_when_only_the_endpoint_is_set() throws Exception {
    Settings settings = read(List.of(), ENDPOINT);

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
  void should_read_flags_with_one_or_two_dashes(String flags) throws Exception {
    Settings settings = read(List.of(flags.split(" ")), ENDPOINT);

    assertThat(settings.batching().size()).isEqualTo(7);
    assertThat(settings.batching().interval()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void should_prefer_flags_to_the_environment_and_that_to_defaults() throws Exception {
    Map<String, String> environment =
        Map.of(
            "WEBHOOK_POST_ENDPOINT", "http://a/",
            "WEBHOOK_BATCH_SIZE", "3",
            "WEBHOOK_BATCH_INTERVAL", "500ms");

    Settings settings = read(List.of("-batch-size", "4"), environment);

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
  void should_listen_where_flags_say(String flags, int port) throws Exception {
    List<String> arguments = flags.isEmpty() ? List.of() : List.of(flags.split(" "));

    assertThat(read(arguments, ENDPOINT).port()).isEqualTo(port);
  }

  @Test
  void should_take_the_port_from_the_environment_unless_a_flag_says_where_to_listen()
      throws Exception {
    Map<String, String> environment =
        Map.of("PORT", "9", "WEBHOOK_POST_ENDPOINT", "https://sink.example");

    assertThat(read(List.of(), environment).port()).isEqualTo(9);
    assertThat(read(List.of("-http", ":1"), environment).port()).isEqualTo(1);
  }

  @Test
  void should_turn_a_switch_on_when_its_flag_has_no_value() throws Exception {
    assertThat(read(List.of("-gzip"), ENDPOINT).posting().gzip()).isTrue();
    assertThat(read(List.of("-gzip=false"), ENDPOINT).posting().gzip()).isFalse();
  }

  @Test
  void should_send_credentials_as_a_header_and_never_show_them() throws Exception {
    SinkAddress sink = SinkAddress.parse("https://me:pass%20word@sink.example/hook?token=x");

    assertThat(sink.uri()).hasToString("https://sink.example/hook?token=x");
    assertThat(sink.authorization()).isEqualTo("Basic bWU6cGFzcyB3b3Jk");
    assertThat(sink).hasToString("https://sink.example:443");
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(List.of("-post-endpoint", "ftp://me:word@x/"), Map.of()))
        .withMessageContaining("ftp://***@x/")
        .withMessageNotContaining("word");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://no host/hook/SECRET",
        "htp://x?token=SECRET",
        "http://x:99999/?token=SECRET",
        "ftp://x#SECRET",
        "ftp://me:pass/SECRET@x",
        "http:////SECRET"
      })
  void should_show_no_secret_of_an_endpoint_when_it_is_wrong(String endpoint) {
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(List.of("-post-endpoint", endpoint), Map.of()))
        .withMessageContaining("must be an absolute http or https URL")
        .withMessageNotContaining("SECRET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "-batch-size -1 | --batch-size (WEBHOOK_BATCH_SIZE): '-1' must be a whole number from 0 to 8388608",
        "-batch-size ten | --batch-size (WEBHOOK_BATCH_SIZE): 'ten' must be a whole number from 0 to 8388608",
        "-batch-interval -1s | --batch-interval (WEBHOOK_BATCH_INTERVAL): '-1s' must be a time such as 500ms, 5s or 1m30s, from 0s to 2562047h",
        "-batch-interval 10 | --batch-interval (WEBHOOK_BATCH_INTERVAL): '10' must be a time such as 500ms, 5s or 1m30s, from 0s to 2562047h",
        "-read-timeout 0 | --read-timeout (WEBHOOK_READ_TIMEOUT): '0' must be a time such as 500ms, 5s or 1m30s, from 1ms to 2562047h",
        "-batch-size 0 -batch-interval 0 | --batch-size (WEBHOOK_BATCH_SIZE): must not be 0 together with --batch-interval (WEBHOOK_BATCH_INTERVAL)",
        "-post-endpoint /hook | --post-endpoint (WEBHOOK_POST_ENDPOINT): '/hook' must be an absolute http or https URL",
        "-post-endpoint http:///x | --post-endpoint (WEBHOOK_POST_ENDPOINT): 'http:///***' must be an absolute http or https URL",
        "-http 8080 | --http (WEBHOOK_HTTP): '8080' must be host:port or :port, with a port from 0 to 65535",
        "-port 65536 | --port (PORT): '65536' must be a whole number from 0 to 65535",
        "-batch-size 11 -buffer-records 10 | --batch-size (WEBHOOK_BATCH_SIZE): '11' must not be above --buffer-records (WEBHOOK_BUFFER_RECORDS), which is 10",
        "-retry-delay 2m | --retry-delay (WEBHOOK_RETRY_DELAY): must not be above --retry-max-delay (WEBHOOK_RETRY_MAX_DELAY), which is 1m",
        "-gzip=perhaps | --gzip (WEBHOOK_GZIP): 'perhaps' must be true or false",
        "-batch-sise 3 | '-batch-sise' is no setting; --help lists them all",
        "-batch-size | --batch-size (WEBHOOK_BATCH_SIZE) needs a value"
      })
  void should_name_setting_value_and_rule_when_a_flag_is_wrong(String flags, String message)
      throws Exception {
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(List.of(flags.split(" ")), ENDPOINT))
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).contains(message));
  }

  @Test
  void should_name_every_wrong_setting_at_once_and_where_it_comes_from() throws Exception {
    Map<String, String> environment =
        Map.of("WEBHOOK_BATCH_SIZE", "many", "WEBHOOK_BATCH_INTERVAL", "soon");

    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(List.of("-in-flight", "0"), environment))
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).lines())
                    .containsExactlyInAnyOrder(
                        "--batch-size (WEBHOOK_BATCH_SIZE): 'many' must be a whole number from 0 to 8388608",
                        "--batch-interval (WEBHOOK_BATCH_INTERVAL): 'soon' must be a time such as 500ms, 5s or 1m30s, from 0s to 2562047h",
                        "--in-flight (WEBHOOK_IN_FLIGHT): '0' must be a whole number from 1 to 100"));
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(List.of(), Map.of()))
        .withMessage("--post-endpoint (WEBHOOK_POST_ENDPOINT) is required");
  }

  @Test
  void should_keep_a_message_to_a_short_plain_line_when_the_value_is_hostile() throws Exception {
    String hostile = "1\r\nlevel=ERROR \u001b[31m\u202e" + "x".repeat(100_000);

    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(List.of("-batch-size", hostile, "-" + hostile), ENDPOINT))
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).lines())
                    .hasSize(2)
                    .allMatch(line -> line.matches("\\p{Print}{1,1000}")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_refuse_one_file_for_log_and_spool_by_any_name(@TempDir Path folder) throws Exception {
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
      assertThatExceptionOfType(WrongSettingException.class)
          .isThrownBy(
              () ->
                  read(List.of("-spool-file=" + both.get(0), "-log-file=" + both.get(1)), ENDPOINT))
          .withMessageContaining("must be other files than that of the log");
    }
    List<String> apart = List.of("-spool-file=" + linked, "-log-file=" + spool);
    assertThat(read(apart, ENDPOINT).logFile()).isEqualTo(spool);
  }

  private static Settings read(List<String> arguments, Map<String, String> environment)
      throws WrongSettingException {
    return Flags.read(environment, arguments.toArray(String[]::new)).settings();
  }
}
