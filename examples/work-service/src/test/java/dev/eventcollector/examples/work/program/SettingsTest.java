package dev.eventcollector.examples.work.program;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import dev.eventcollector.examples.work.WorkService;
import dev.eventcollector.examples.work.producer.TaskProducer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static void read(Object program, Map<String, String> environment, String... arguments)
      throws WrongSettingException {
    SettingsReader.read(SettingsReader.commandLine(program, environment), arguments);
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
    assertThatThrownBy(() -> read(new WorkService(), Map.of(variable, value)))
        .isInstanceOf(WrongSettingException.class)
        .hasMessageStartingWith(flag + " (" + variable + "): '" + value + "' ")
        .hasMessageContaining(rule);
  }

  @Test
  void should_not_show_password_when_database_url_is_wrong() {
    Map<String, String> environment = Map.of("DATABASE_URL", "http://me:secret@localhost/works");
    assertThatThrownBy(() -> read(new WorkService(), environment))
        .isInstanceOf(WrongSettingException.class)
        .hasMessageContaining("--database-url (DATABASE_URL)")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"65536", "-1", "on"})
  void should_tell_the_rule_when_status_port_is_wrong(String value) {
    assertThatThrownBy(() -> read(new TaskProducer(), Map.of(), "--status-port=" + value))
        .isInstanceOf(WrongSettingException.class)
        .hasMessage(
            "--status-port (STATUS_PORT): '"
                + value
                + "' must be a whole number from 0 to 65535, or off");
  }
}
