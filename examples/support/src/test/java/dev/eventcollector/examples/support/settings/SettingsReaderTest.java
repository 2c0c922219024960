package dev.eventcollector.examples.support.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The rules and the messages of all apps. */
class SettingsReaderTest {

  @Command(name = "app", description = SettingsReader.HOW_TO_SET)
  private static final class Settings {
    @Mixin private final Listening listening = new Listening(3000);
    @Mixin private final Draining draining = new Draining();
    @Mixin private final BrokerUris.Setting broker = new BrokerUris.Setting();
    @Mixin private final Help help = new Help();

    @Option(names = "--workers", paramLabel = "WORKERS", defaultValue = "4", converter = Few.class)
    private int workers;

    @Option(
        names = "--scheduler",
        paramLabel = "SCHEDULER",
        defaultValue = "on",
        converter = OneOfRule.OnOrOff.class)
    private String scheduler = "";

    /** From 1 to 9. */
    static final class Few extends WholeNumberRule {
      Few() {
        super(1, 9);
      }
    }
  }

  private static Settings read(Map<String, String> environment, String... arguments)
      throws WrongSettingException {
    Settings settings = new Settings();
    SettingsReader.read(SettingsReader.commandLine(settings, environment), arguments);
    return settings;
  }

  @Test
  void should_take_flag_over_environment_over_default_when_several_are_given() throws Exception {
    Map<String, String> environment = Map.of("PORT", "1", "DRAIN_TIMEOUT", "", "WORKERS", "5");

    Settings settings = read(environment, "--port", "2", "--workers=6");

    assertThat(settings.listening.port()).isEqualTo(2);
    assertThat(settings.workers).isEqualTo(6);
    assertThat(settings.draining.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(read(environment).listening.port()).isEqualTo(1);
    assertThat(read(Map.of()).listening.port()).isEqualTo(3000);
    assertThat(read(Map.of()).broker.uris()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port | 65536 | --port (PORT): '65536' must be a whole number from 0 to 65535",
        "--port | -1 | --port (PORT): '-1' must be a whole number from 0 to 65535",
        "--port | http | --port (PORT): 'http' must be a whole number from 0 to 65535",
        "--port | ٣ | --port (PORT): '٣' must be a whole number from 0 to 65535",
        "--workers | 0 | --workers (WORKERS): '0' must be a whole number from 1 to 9",
        "--workers | 99999999999999999999 | --workers (WORKERS): '99999999999999999999' must be a whole number from 1 to 9",
        "--drain-timeout | -1s | --drain-timeout (DRAIN_TIMEOUT): '-1s' must be a time such as 500ms, 5s or 1m30s, from 0s to 60m",
        "--drain-timeout | 61m | --drain-timeout (DRAIN_TIMEOUT): '61m' must be a time such as 500ms, 5s or 1m30s, from 0s to 60m",
        "--drain-timeout | 10 | --drain-timeout (DRAIN_TIMEOUT): '10' must be a time such as 500ms, 5s or 1m30s, from 0s to 60m",
        "--bind-address | a b | --bind-address (BIND_ADDRESS): 'a b' must be an IP address or a host name",
        "--bind-address | [host] | --bind-address (BIND_ADDRESS): '[host]' must be an IP address or a host name",
        "--bind-address | host:80 | --bind-address (BIND_ADDRESS): 'host:80' must be an IP address or a host name",
        "--bind-address | 127.0.0.1:80 | --bind-address (BIND_ADDRESS): '127.0.0.1:80' must be an IP address or a host name",
        "--bind-address | ::: | --bind-address (BIND_ADDRESS): ':::' must be an IP address or a host name",
        "--bind-address | fe80::1%nowhere | --bind-address (BIND_ADDRESS): 'fe80::1%nowhere' must be an IP address or a host name",
        "--bind-address | - | --bind-address (BIND_ADDRESS): '-' must be an IP address or a host name",
        "--scheduler | yes | --scheduler (SCHEDULER): 'yes' must be on or off"
      })
  void should_name_setting_value_and_rule_when_a_value_is_wrong(
      String flag, String value, String message) {
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(Map.of(), flag + "=" + value))
        .withMessage(message);
    String variable = flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(Map.of(variable, value)))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "1.5s, 1500", "1m30s, 90000", "1h, 3600000", "0, 0", "0s, 0"})
  void should_read_a_time_as_go_does_when_it_is_within_bounds(String value, long millis)
      throws Exception {
    Duration time = read(Map.of(), "--drain-timeout", value).draining.timeout();

    assertThat(time).hasMillis(millis);
    assertThat(read(Map.of(), "--drain-timeout", TimeRule.format(time)).draining.timeout())
        .isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({"[::1], ::1", "fe80::1%eth0, fe80::1%eth0", "0.0.0.0, 0.0.0.0", "db_1, db_1"})
  void should_read_an_address_with_and_without_brackets(String value, String address)
      throws Exception {
    assertThat(read(Map.of(), "--bind-address", value).listening.bindAddress()).isEqualTo(address);
  }

  @Test
  void should_show_no_password_when_a_broker_uri_is_right_or_wrong() throws Exception {
    assertThat(read(Map.of("AMQP_URI", "amqp://me:hunter2@a, amqps://b:1")).broker.uris())
        .isEqualTo(new BrokerUris(List.of("amqp://me:hunter2@a", "amqps://b:1")))
        .hasToString("2 broker URI(s)");
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(Map.of("AMQP_URI", "http://me:hunter2@host")))
        .withMessageStartingWith("--amqp-uri (AMQP_URI): ")
        .withMessageNotContaining("hunter2");
  }

  @Test
  void should_have_a_line_for_each_when_several_settings_are_wrong() {
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(Map.of("PORT", "x"), "--workers", "0", "--bind-address", "a b"))
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).lines())
                    .containsExactlyInAnyOrder(
                        "--workers (WORKERS): '0' must be a whole number from 1 to 9",
                        "--bind-address (BIND_ADDRESS): 'a b' must be an IP address or a host"
                            + " name",
                        "--port (PORT): 'x' must be a whole number from 0 to 65535"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--prot=1 | '--prot=1' is no setting; --help lists them all",
        "-x | '-x' is no setting; --help lists them all",
        "serve | 'serve' is no setting; --help lists them all",
        "--port | --port (PORT) needs a value"
      })
  void should_name_the_argument_when_it_is_none_or_has_no_value(String argument, String message) {
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> read(Map.of(), argument))
        .withMessage(message);
  }

  @Command(name = "strict")
  private static final class Strict {
    @Option(names = "--url", paramLabel = "URL", required = true)
    private String url = "";
  }

  @Test
  void should_take_a_required_setting_from_the_environment_and_miss_it_when_it_is_not_there()
      throws Exception {
    Strict strict = new Strict();

    SettingsReader.read(SettingsReader.commandLine(strict, Map.of("URL", "there")));

    assertThat(strict.url).isEqualTo("there");
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(
            () -> SettingsReader.read(SettingsReader.commandLine(new Strict(), Map.of("URL", ""))))
        .withMessage("--url (URL) needs a value");
  }

  @Test
  void should_explain_every_setting_and_its_variable_when_asked_for_help() throws Exception {
    String help = String.valueOf(read(Map.of(), "--help").help.text());

    assertThat(help)
        .contains("--port=PORT", "Defaults to 3000", "--drain-timeout=DRAIN_TIMEOUT", "The flag");
    assertThat(read(Map.of()).help.text()).isNull();
  }

  @Test
  void should_complete_flags_when_a_shell_asks_for_its_script() throws Exception {
    String script = read(Map.of(), "--completion").help.text();

    assertThat(script).contains("complete -F _complete_app", "--bind-address");
  }
}
