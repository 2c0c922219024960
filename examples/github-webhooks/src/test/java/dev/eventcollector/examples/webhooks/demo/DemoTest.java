package dev.eventcollector.examples.webhooks.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.webhooks.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {

  @ParameterizedTest
  @ValueSource(strings = {"--demo", "--demo --queue faktory"})
  @Timeout(600)
  void should_show_numbers_that_add_up_when_it_is_run(String flags) throws Exception {
    Settings settings = Settings.read(flags.split(" "), Map.of());
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    boolean allRight =
        Demo.run(new PrintStream(printed, true, UTF_8), DemoBroker.of(settings), "nowhere");

    assertThat(allRight).as(printed.toString(UTF_8)).isTrue();
    assertThat(printed.toString(UTF_8))
        .contains("the log goes to nowhere.")
        .contains("handling it fails twice", "3 attempts")
        .contains("both events were dropped.", "nothing was lost.", "All numbers add up.")
        .doesNotContain("WRONG");
  }
}
