package dev.eventcollector.examples.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemoTest {

  @Test
  @Timeout(120)
  void should_show_numbers_that_add_up_when_it_is_run() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    boolean allRight = Demo.run(new PrintStream(printed, true, UTF_8));

    assertThat(allRight).as(printed.toString(UTF_8)).isTrue();
    assertThat(printed.toString(UTF_8))
        .contains("handling it fails twice", "3 attempts", "All numbers add up.")
        .doesNotContain("WRONG");
  }
}
