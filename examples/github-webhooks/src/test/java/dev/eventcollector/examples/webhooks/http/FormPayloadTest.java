package dev.eventcollector.examples.webhooks.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormPayloadTest {

  @ParameterizedTest
  @CsvSource({
    "payload=%7B%7D, {}",
    "payload=a+b, a b",
    "payload=, ''",
    "a=b&payload=c%26d&e=f, c&d",
    "a=payload=x&payload=y, y",
    "&&payload=%C3%a4, ä",
    "payload=1&payload=2, 1"
  })
  void should_decode_the_first_field_of_that_name(String form, String payload) throws Exception {
    assertThat(FormPayload.take(form.getBytes(UTF_8))).isEqualTo(payload.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "payload",
        "payloa=1",
        "xpayload=1",
        "payload=%",
        "payload=%4",
        "payload=%zz",
        "payload=%-1",
        "payload=%4&1=1",
        "payload=%ä1"
      })
  void should_turn_it_down_when_there_is_no_such_field_or_it_is_not_encoded(String form) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> FormPayload.take(form.getBytes(UTF_8)))
        .satisfies(e -> assertThat(e.answer().status()).isEqualTo(400));
  }
}
