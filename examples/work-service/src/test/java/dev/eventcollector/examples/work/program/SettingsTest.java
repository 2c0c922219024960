package dev.eventcollector.examples.work.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.examples.work.WorkService;
import dev.eventcollector.examples.work.producer.TaskProducer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;

class SettingsTest {

  private static Duration drainTimeout(Map<String, String> environment, String... arguments) {
    WorkService service = new WorkService();
    Program.commandLine(service, environment).parseArgs(arguments);
    return service.drainTimeout();
  }

  @Test
  void should_take_flag_over_environment_over_default() {
    Map<String, String> environment = Map.of("DRAIN_TIMEOUT", "2m");

    assertThat(drainTimeout(environment, "--drain-timeout=500ms")).hasMillis(500);
    assertThat(drainTimeout(environment)).hasMinutes(2);
    assertThat(drainTimeout(Map.of("DRAIN_TIMEOUT", ""))).hasSeconds(15);
  }

  @ParameterizedTest
  @CsvSource({
    "PORT,65536,--port,from 0 to 65535",
    "PORT,http,--port,from 0 to 65535",
    "BIND_ADDRESS,a b,--bind-address,must be an IP address or a host name",
    "CONCURRENCY,0,--concurrency,from 1 to 100",
    "INTERVAL,0ms,--interval,must be a time such as",
    "INTERVAL,4,--interval,must be a time such as",
    "STEP,-1s,--step,must be a time such as",
    "ADD_UP_TO,10001,--add-up-to,from 1 to 10000",
    "DEMAND_MEMORY,59m,--demand-memory,must be a time such as",
    "SCHEDULER,yes,--scheduler,must be on or off",
    "SCHEDULER_MAX_AGE,1001h,--scheduler-max-age,must be a time such as"
  })
  void should_name_setting_value_and_rule_when_value_is_wrong(
      String variable, String value, String flag, String rule) {
    assertThatThrownBy(() -> drainTimeout(Map.of(variable, value)))
        .isInstanceOfSatisfying(
            ParameterException.class,
            e ->
                assertThat(Program.messageOf(e))
                    .startsWith(flag + " (" + variable + "): '" + value + "' ")
                    .contains(rule));
  }

  @Test
  void should_not_show_password_when_broker_uri_is_wrong() {
    assertThatThrownBy(() -> drainTimeout(Map.of("AMQP_URI", "http://me:secret@localhost")))
        .isInstanceOfSatisfying(
            ParameterException.class,
            e ->
                assertThat(Program.messageOf(e))
                    .contains("--amqp-uri (AMQP_URI)")
                    .doesNotContain("secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"65536", "-1", "on", ""})
  void should_tell_the_rule_when_status_port_is_wrong(String value) {
    assertThatThrownBy(
            () ->
                Program.commandLine(new TaskProducer(), Map.of())
                    .parseArgs("--status-port=" + value))
        .isInstanceOfSatisfying(
            ParameterException.class,
            e ->
                assertThat(Program.messageOf(e))
                    .isEqualTo(
                        "--status-port (STATUS_PORT): '"
                            + value
                            + "' must be a whole number from 0 to 65535, or off"));
  }
}
