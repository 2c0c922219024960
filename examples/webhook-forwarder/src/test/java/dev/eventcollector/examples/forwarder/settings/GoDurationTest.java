package dev.eventcollector.examples.forwarder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "10s, PT10S",
    "1m30s, PT1M30S",
    "500ms, PT0.5S",
    "1.5h, PT1H30M",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "0, PT0S",
    "-0, PT0S",
    "0s, PT0S",
    "-2s, PT-2S",
    "+2s, PT2S",
    "1h1m1s1ms1us1ns, PT1H1M1.001001001S",
    "1µs, PT0.000001S",
    "1μs, PT0.000001S",
    "30s1m, PT1M30S",
    "2540400h10m10s, PT2540400H10M10S"
  })
  void should_read_what_go_reads(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "s",
        ".s",
        "1x",
        "1m 30s",
        " 1s",
        "1S",
        "1d",
        "--1s",
        "1,5s",
        "1e3s",
        "-",
        "+",
        ".",
        "2562048h",
        "10seconds",
        "١s"
      })
  void should_refuse_what_go_refuses(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> GoDuration.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "10s", "1m30s", "500ms", "1h", "1h0.5s", "2.5s", "0.001ms", "-2s"})
  void should_read_back_what_it_wrote(String text) {
    assertThat(GoDuration.format(GoDuration.parse(text))).isEqualTo(text);
  }
}
