package dev.eventcollector.examples.forwarder.records;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCheckTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"user_id\":1}",
        " \n{\"user_id\": -9223372036854775808 } \r\n",
        "{\"user_id\":1,\"total\":1.65,\"title\":\"t\",\"completed\":true,\"meta\":{\"logins\":[{\"time\":\"2020-08-08T01:52:50Z\",\"ip\":\"0.0.0.0\"}],\"phone_numbers\":{\"home\":\"1\",\"mobile\":\"2\"}}}",
        "{\"user_id\":1,\"total\":null,\"title\":null,\"completed\":null,\"meta\":null}",
        "{\"user_id\":1,\"meta\":{\"logins\":null,\"phone_numbers\":null}}",
        "{\"user_id\":1,\"meta\":{\"logins\":[null,{\"time\":null,\"ip\":null}],\"phone_numbers\":{\"home\":null}}}",
        "{\"user_id\":1,\"total\":7}",
        "{\"user_id\":1,\"meta\":{\"logins\":[{\"time\":\"2020-02-29T23:59:59.123456789+05:30\"}]}}",
        "{\"user_id\":1,\"more\":[{\"user_id\":\"x\",\"meta\":5}],\"big\":123456789012345678901234567890}",
        "{\"user_id\":1,\"meta\":{\"logins\":[{\"more\":[1]}],\"phone_numbers\":{\"work\":5},\"more\":{}}}",
        "{\"user_id\":0,\"user_id\":1}",
        "{\"user_id\":1,\"user_id\":null}",
        "{\"user_id\":1,\"title\":\"\u00e4\u6f22\ud83d\ude00\"}"
      })
  void should_let_a_record_pass(String body) {
    assertThatNoException().isThrownBy(() -> check(body, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "[{\"user_id\":1}]",
        "1",
        "\"user_id\"",
        "true",
        "{",
        "{\"user_id\":1",
        "{\"user_id\":1}}",
        "{\"user_id\":1} {\"user_id\":2}",
        "{\"user_id\":1} x",
        "{\"user_id\":1},",
        "{'user_id':1}",
        "{user_id:1}",
        "{\"user_id\":1,}",
        "{\"user_id\":01}",
        "{\"user_id\":NaN}",
        "{\"user_id\":1 /* c */}",
        "{\"user_id\":1,\"a\":\"\u0001\"}",
        "\ufeff{\"user_id\":1}"
      })
  void should_refuse_payloads_that_are_no_json_objects(String body) {
    assertRefused(body, "decode: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"user_id\":0}",
        "{\"user_id\":null}",
        "{\"user_id\":1,\"user_id\":0}",
        "{\"user_id\":1,\"USER_ID\":0}"
      })
  void should_refuse_a_record_when_it_has_no_user_id(String body) {
    assertRefused(body, "can not post empty user id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"user_id\":\"1\"} | user_id must be an integer, but is a string",
        "{\"user_id\":1.0} | user_id must be an integer, but is another kind of number",
        "{\"user_id\":true} | user_id must be an integer, but is a boolean",
        "{\"user_id\":9223372036854775808} | out of range of `long`",
        "{\"user_id\":1,\"total\":\"1\"} | total must be a number, but is a string",
        "{\"user_id\":1,\"total\":1e999} | total is out of range",
        "{\"user_id\":1,\"title\":1} | title must be a string",
        "{\"user_id\":1,\"completed\":\"no\"} | completed must be true or false, but is a string",
        "{\"user_id\":1,\"completed\":0} | completed must be true or false",
        "{\"user_id\":1,\"meta\":[]} | meta must be an object, but is an array",
        "{\"user_id\":1,\"meta\":{\"logins\":{}}} | meta.logins must be an array, but is an object",
        "{\"user_id\":1,\"meta\":{\"logins\":[1]}} | meta.logins[] must be an object",
        "{\"user_id\":1,\"meta\":{\"logins\":[{\"ip\":1}]}} | meta.logins[].ip must be a string",
        "{\"user_id\":1,\"meta\":{\"logins\":[{\"time\":1}]}} | meta.logins[].time must be a string",
        "{\"user_id\":1,\"meta\":{\"phone_numbers\":[]}} | meta.phone_numbers must be an object",
        "{\"user_id\":1,\"meta\":{\"phone_numbers\":{\"home\":1}}} | meta.phone_numbers.home must be a string",
        "{\"user_id\":1,\"meta\":{\"phone_numbers\":{\"mobile\":{}}}} | meta.phone_numbers.mobile must be a string"
      })
  void should_name_field_and_rule_when_a_field_is_wrong(String body, String message) {
    assertRefused(body, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2020-08-08",
        "2020-08-08T01:52Z",
        "2020-08-08T01:52:50",
        "2020-02-30T01:52:50Z",
        "2020-13-01T01:52:50Z",
        "2020-08-08T24:00:00Z",
        "2020-08-08T01:60:00Z",
        "2020-08-08T01:00:60Z",
        "2020-08-08t01:52:50z",
        "2020-08-08 01:52:50Z",
        "2020-08-08T01:52:50.Z",
        "2020-08-08T01:52:50+0530",
        "2020-08-08T01:52:50+24:00",
        "2020-08-08T01:52:50Zx",
        "+020-08-08T01:52:50Z"
      })
  void should_refuse_a_login_when_its_time_is_not_rfc_3339(String time) {
    assertRefused(
        "{\"user_id\":1,\"meta\":{\"logins\":[{\"time\":\"" + time + "\"}]}}", "RFC 3339");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "ISO-8859-1"})
  void should_refuse_a_body_when_it_is_not_utf_8(String charset) {
    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> check("{\"user_id\":1,\"title\":\"\u00e4\"}", Charset.forName(charset)));
  }

  @Test
  void should_refuse_a_body_when_it_goes_beyond_the_limits_of_the_parser() {
    assertRefused(
        "{\"user_id\":1,\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", "depth");
    assertRefused("{\"user_id\":1,\"a\":" + "1".repeat(100_000) + "}", "length");
    assertRefused("{\"user_id\":1,\"" + "a".repeat(100_000) + "\":1}", "length");
  }

  private static void assertRefused(String body, String message) {
    assertThatExceptionOfType(InvalidRecordException.class)
        .isThrownBy(() -> check(body, StandardCharsets.UTF_8))
        .withMessageContaining(message);
  }

  private static void check(String body, Charset charset) throws InvalidRecordException {
    RecordCheck.check(body.getBytes(charset));
  }
}
