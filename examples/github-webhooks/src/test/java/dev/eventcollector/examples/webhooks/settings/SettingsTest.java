package dev.eventcollector.examples.webhooks.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  private static final Map<String, String> NO_ENVIRONMENT = Map.of();

  @Test
  void should_use_defaults_when_only_the_secret_is_set() throws Exception {
    Settings settings = read(Map.of("WEBHOOK_SECRET", "s"));

    assertThat(settings.listening().port()).isEqualTo(8080);
    assertThat(settings.listening().bindAddress()).isEqualTo("127.0.0.1");
    assertThat(settings.broker().uris()).isNull();
    assertThat(settings.workflows()).isNull();
    assertThat(settings.publishTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.retryDelays().list())
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10));
    assertThat(settings.draining().timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.demo()).isFalse();
  }

  @Test
  void should_prefer_the_flag_and_then_the_environment_when_both_are_set() throws Exception {
    Map<String, String> environment =
        Map.of("WEBHOOK_SECRET", "s", "PORT", "1234", "RETRY_DELAYS", "500ms", "LOG_FORMAT", "");

    Settings settings = read(environment, "--port", "0");

    assertThat(settings.listening().port()).isZero();
    assertThat(settings.retryDelays().list()).containsExactly(Duration.ofMillis(500));
    assertThat(settings.log().format()).isEqualTo("text");
  }

  @Test
  void should_read_several_values_when_they_are_separated_by_commas() throws Exception {
    Settings settings =
        read(NO_ENVIRONMENT, "--webhook-secret", "a, b", "--amqp-uri", "amqp://x,amqps://y:1");

    assertThat(settings.webhookSecret()).isNotNull().hasToString("2 secret(s)");
    assertThat(settings.broker().uris())
        .isEqualTo(new BrokerUris(List.of("amqp://x", "amqps://y:1")))
        .hasToString("2 broker URI(s)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port | http | --port (PORT): 'http' must be a whole number from 0 to 65535",
        "--worker-concurrency | 0 | --worker-concurrency (WORKER_CONCURRENCY): '0' must be a whole number from 1 to 1000",
        "--completed-memory | 0 | --completed-memory (COMPLETED_MEMORY): '0' must be a whole number from 1 to 10000000",
        "--retry-delays | 1s,5 | --retry-delays (RETRY_DELAYS): '5' must be a time such as 500ms, 5s or 1m30s, from 10ms to 20m",
        "--publish-timeout | 9s | --publish-timeout (PUBLISH_TIMEOUT): '9s' must be a time such as 500ms, 5s or 1m30s, from 100ms to 8s",
        "--drain-timeout | -1s | --drain-timeout (DRAIN_TIMEOUT): '-1s' must be a time such as 500ms, 5s or 1m30s, from 0s to 60m",
        "--request-timeout | 1 | --request-timeout (REQUEST_TIMEOUT): '1' must be a time such as 500ms, 5s or 1m30s, from 100ms to 5m",
        "--body-memory | 24 | --body-memory (BODY_MEMORY): '24' must be a whole number from 25 to 2000",
        "--log-format | xml | --log-format (LOG_FORMAT): 'xml' must be text or json"
      })
  void should_name_setting_value_and_rule_when_a_value_is_wrong(
      String flag, String value, String message) {
    assertThatThrownBy(() -> read(Map.of("WEBHOOK_SECRET", "s"), flag + "=" + value))
        .isInstanceOf(WrongSettingException.class)
        .hasMessage(message);
    String variable = flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    assertThatThrownBy(() -> read(Map.of("WEBHOOK_SECRET", "s", variable, value)))
        .isInstanceOf(WrongSettingException.class)
        .hasMessage(message);
  }

  @Test
  void should_not_start_when_there_is_no_secret() throws Exception {
    assertThatThrownBy(() -> read(NO_ENVIRONMENT))
        .isInstanceOf(WrongSettingException.class)
        .hasMessageStartingWith("--webhook-secret (WEBHOOK_SECRET) is not set");
    assertThatThrownBy(() -> read(Map.of("WEBHOOK_SECRET", "")))
        .hasMessageStartingWith("--webhook-secret (WEBHOOK_SECRET) is not set");
    assertThat(read(NO_ENVIRONMENT, "--demo").demo()).isTrue();
  }

  @Test
  void should_refuse_a_flag_beside_the_demo_because_it_has_no_effect() throws Exception {
    assertThatThrownBy(() -> read(NO_ENVIRONMENT, "--demo", "--port", "1"))
        .isInstanceOf(WrongSettingException.class)
        .hasMessage("--port has no effect beside --demo, which brings settings of its own");
    assertThat(read(Map.of("PORT", "1"), "--demo", "--log-format", "json").demo()).isTrue();
  }

  @Test
  void should_take_ipv6_addresses_with_and_without_brackets() throws Exception {
    Map<String, String> environment = Map.of("WEBHOOK_SECRET", "s");
    assertThat(read(environment, "--bind-address", "[::1]").listening().bindAddress())
        .isEqualTo("::1");
    assertThat(read(environment, "--bind-address", "fe80::1%eth0").listening().bindAddress())
        .isEqualTo("fe80::1%eth0");
    assertThatThrownBy(() -> read(environment, "--bind-address", "[host]"))
        .isInstanceOf(WrongSettingException.class);
  }

  @Test
  void should_not_tell_the_secret_when_it_is_wrong() {
    assertThatThrownBy(() -> read(Map.of("WEBHOOK_SECRET", "hunter2,,hunter3")))
        .hasMessage(
            "--webhook-secret (WEBHOOK_SECRET): must be one secret or several separated by commas,"
                + " but secret 2 of 3 is empty");
    assertThatThrownBy(() -> read(Map.of("WEBHOOK_SECRET", "s", "PAGE_TOKEN", "hunter2")))
        .hasMessage(
            "--page-token (PAGE_TOKEN): must be 16 to 200 printable ASCII characters without"
                + " blanks; it has 7 character(s)");
    assertThatThrownBy(() -> read(Map.of("AMQP_URI", "http://me:hunter2@host")))
        .hasMessageStartingWith("--amqp-uri (AMQP_URI): ")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void should_prefer_a_flag_for_one_broker_to_a_variable_for_the_other() throws Exception {
    Map<String, String> faktory =
        Map.of("WEBHOOK_SECRET", "s", "FAKTORY_PROVIDER", "MY_URL", "MY_URL", "tcp://a");
    Map<String, String> amqp = Map.of("WEBHOOK_SECRET", "s", "AMQP_URI", "amqp://b");

    assertThat(read(faktory).faktoryUrl()).isEqualTo(new FaktoryUrl("tcp://a"));
    assertThat(read(faktory, "--queue=tcp+tls://:x@c:1").faktoryUrl())
        .isEqualTo(new FaktoryUrl("tcp+tls://:x@c:1"))
        .hasToString("a Faktory URL");
    assertThat(read(faktory, "--amqp-uri", "amqp://d").faktoryUrl()).isNull();
    assertThat(read(faktory, "--amqp-uri", "amqp://d").broker().uris()).isNotNull();
    assertThat(read(amqp, "--queue", "tcp://a").broker().uris()).isNull();
    assertThat(read(faktory, "--demo").faktoryUrl()).isNull();
    assertThat(read(amqp, "--demo", "--queue", "faktory").faktoryUrl())
        .isEqualTo(FaktoryUrl.STAND_IN);
    assertThat(read(Map.of("WEBHOOK_SECRET", "s", "FAKTORY_URL", "")).faktoryUrl()).isNull();
  }

  @Test
  void should_refuse_brokers_of_the_same_rank_and_settings_without_effect() {
    assertThatThrownBy(() -> read(NO_ENVIRONMENT, "--queue=tcp://a", "--amqp-uri=amqp://b"))
        .isInstanceOf(WrongSettingException.class)
        .hasMessage("--queue and --amqp-uri name one broker each: give only one");
    assertThatThrownBy(() -> read(Map.of("FAKTORY_URL", "tcp://a", "AMQP_URI", "amqp://b")))
        .hasMessage(
            "FAKTORY_URL and AMQP_URI name one broker each: set only one, or give --queue or"
                + " --amqp-uri");
    assertThatCode(() -> read(Map.of("FAKTORY_URL", "tcp://a", "AMQP_URI", "amqp://b"), "--help"))
        .doesNotThrowAnyException();
    String noEffect =
        "--retry-delays (RETRY_DELAYS) has no effect with Faktory, which retries by a schedule of"
            + " its own";
    assertThatThrownBy(() -> read(Map.of("FAKTORY_URL", "tcp://a", "RETRY_DELAYS", "1s")))
        .hasMessage(noEffect);
    assertThatThrownBy(() -> read(Map.of("FAKTORY_URL", "tcp://a"), "--retry-delays", "1s"))
        .hasMessage(noEffect);
  }

  @Test
  void should_name_setting_and_rule_and_no_password_when_faktorys_url_is_wrong() {
    String rule = " must look like tcp://:password@host:7419, or tcp+tls:// for TLS";
    assertThatThrownBy(() -> read(NO_ENVIRONMENT, "--queue", "rabbit"))
        .isInstanceOf(WrongSettingException.class)
        .hasMessageStartingWith("--queue (FAKTORY_URL): 'rabbit'" + rule)
        .hasMessageEndingWith("; it has no scheme");
    assertThatThrownBy(() -> read(Map.of("FAKTORY_URL", "redis://:hunter2@host")))
        .hasMessageStartingWith("--queue (FAKTORY_URL):" + rule)
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(
            () -> read(Map.of("FAKTORY_PROVIDER", "MY_URL", "MY_URL", "tcp://:hunter2@h:0")))
        .hasMessageStartingWith("MY_URL:" + rule)
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> read(Map.of("FAKTORY_PROVIDER", "MY_URL")))
        .hasMessage("FAKTORY_PROVIDER names the variable MY_URL, which is not set");
    assertThatThrownBy(() -> read(Map.of("FAKTORY_PROVIDER", "tcp://:hunter2@host")))
        .hasMessageStartingWith("FAKTORY_PROVIDER must be the name of the variable")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> read(Map.of("FAKTORY_URL", "faktory", "WEBHOOK_SECRET", "s")))
        .hasMessageStartingWith("--queue (FAKTORY_URL): 'faktory' is for --demo only");
    assertThatThrownBy(() -> read(NO_ENVIRONMENT, "--demo", "--queue", "tcp://host"))
        .hasMessage("--queue must be faktory beside --demo, which starts servers of its own");
  }

  @Test
  void should_name_file_and_line_when_the_workflows_are_wrong(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "workflows:\n  - name: a");

    assertThatThrownBy(() -> read(Map.of("WORKFLOWS", file.toString())))
        .hasMessage("--workflows (WORKFLOWS): " + file + ":2: a workflow needs a field on");
  }

  @Test
  void should_name_the_flag_when_there_is_no_such() {
    assertThatThrownBy(() -> read(NO_ENVIRONMENT, "--prot", "1"))
        .isInstanceOf(WrongSettingException.class)
        .hasMessageContaining("--prot");
  }

  @Test
  void should_explain_every_setting_and_its_variable_when_asked_for_help() throws Exception {
    String usage = String.valueOf(read(NO_ENVIRONMENT, "--help").help().text());

    assertThat(usage).contains("Defaults to 8080", "--queue=FAKTORY_URL");
    Stream.of(
            "WEBHOOK_SECRET AMQP_URI PORT BIND_ADDRESS WORKFLOWS WORKER_CONCURRENCY RETRY_DELAYS"
                + " PUBLISH_TIMEOUT DRAIN_TIMEOUT COMPLETED_MEMORY LOG_FORMAT PAGE_TOKEN"
                + " REQUEST_TIMEOUT BODY_MEMORY")
        .flatMap(names -> Arrays.stream(names.split(" ")))
        .forEach(
            name ->
                assertThat(usage)
                    .contains(
                        "--%s=%s"
                            .formatted(name.toLowerCase(Locale.ROOT).replace('_', '-'), name)));
  }

  private static Settings read(Map<String, String> environment, String... flags)
      throws WrongSettingException {
    return Settings.read(flags, environment);
  }
}
