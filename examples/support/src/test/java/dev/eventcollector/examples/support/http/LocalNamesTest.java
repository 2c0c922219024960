package dev.eventcollector.examples.support.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "127.0.0.1",
        "10.0.0.7",
        "::1",
        "[::1]",
        "[fe80::1%25eth0]",
        "[::ffff:127.0.0.1]"
      })
  void should_be_local_when_it_is_localhost_or_an_address(String host) {
    assertThat(LocalNames.isLocal(host)).isTrue();
  }

  /** Anybody can have such a name lead to 127.0.0.1; .de, .be, .ca and .cc are all hexadecimal. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "face.de",
        "dead.be",
        "FACE.DE.",
        "1.de",
        "a1.b2.cc",
        "127.0.0.1.de",
        "localhost.ca",
        "1234",
        "0x7f.1",
        "abad1dea",
        ".de",
        "127.0.0.1%2e.cc"
      })
  void should_not_be_local_when_it_may_be_the_name_of_anybody(String host) {
    assertThat(LocalNames.isLocal(host)).isFalse();
  }
}
