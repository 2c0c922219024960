package dev.eventcollector.examples.webhooks.github;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadFactsTest {

  @Test
  void should_find_everything_when_the_payload_has_it() throws Exception {
    String json =
        """
        {"zen": {"action": "not this one", "repository": {"full_name": "nor/this"}},
         "action": "opened", "hook_id": 42,
         "pull_request": {"head": {"ref": "topic"}, "base": {"sha": "ab", "ref": "main"}},
         "repository": {"owner": {"full_name": "nor this"}, "full_name": "octocat/hello-world"}}
        """;

    assertThat(read(json))
        .isEqualTo(new PayloadFacts("opened", "42", "octocat/hello-world", "main"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"action\": null, \"repository\": null, \"ref\": null}",
        "{\"action\": {}, \"repository\": [], \"pull_request\": \"\", \"ref\": [1, {\"ref\": 2}]}",
        "{\"repository/full_name\": \"x\", \"pull_request/base\": {\"ref\": \"x\"}}",
        "{\"repo\": {\"full_name\": \"x\"}, \"check\": {\"check_suite\": {\"head_branch\": \"x\"}}}"
      })
  void should_find_nothing_when_the_payload_lacks_it(String json) throws Exception {
    assertThat(read(json)).isEqualTo(new PayloadFacts(null, null, null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"ref\": \"refs/heads/release/1.0\"} | release/1.0",
        "{\"ref\": \"refs/tags/v1\"} |",
        "{\"ref\": \"topic\", \"ref_type\": \"branch\"} | topic",
        "{\"ref\": \"v1\", \"ref_type\": \"tag\"} |",
        "{\"merge_group\": {\"base_ref\": \"refs/heads/main\"}} | main",
        "{\"workflow_run\": {\"head_branch\": \"main\"}} | main",
        "{\"check_suite\": {\"head_branch\": \"main\"}} | main",
        "{\"check_run\": {\"check_suite\": {\"head_branch\": \"main\"}}} | main"
      })
  void should_find_the_branch_when_the_event_concerns_one(String json, String branch)
      throws Exception {
    assertThat(read(json).branch()).isEqualTo(branch);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"ref\": \"refs/tags/v1/0\"} | v1/0",
        "{\"ref\": \"v1\", \"ref_type\": \"tag\"} | v1",
        "{\"ref\": \"refs/heads/v1\"} |",
        "{\"action\": \"opened\"} |"
      })
  void should_find_the_tag_when_the_event_is_about_one(String json, String tag) throws Exception {
    assertThat(read(json).tag()).isEqualTo(tag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"text\"",
        "{",
        "{\"a\": }",
        "{'a': 1}",
        "{\"a\": 1,}",
        "{\"a\": 1} x",
        "{} {}",
        "{\"a\": \"\u0001\"}",
        "{\"a\": [1, 2}"
      })
  void should_refuse_the_payload_when_it_is_not_one_json_object(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedPayloadException.class);
  }

  @Test
  void should_not_quote_the_payload_when_it_is_malformed() {
    assertThatThrownBy(() -> read("{\"password\": hunter2}"))
        .hasMessage("the payload is not well-formed JSON, at line 1, column 14");
  }

  @Test
  void should_refuse_the_payload_when_it_is_nested_without_end() {
    String json = "{\"a\": " + "[".repeat(100_000);

    assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedPayloadException.class);
  }

  @Test
  void should_read_the_payload_when_it_is_in_another_of_jsons_encodings() throws Exception {
    assertThat(PayloadFacts.read("{\"action\": \"opened\"}".getBytes(UTF_16BE)).action())
        .isEqualTo("opened");
  }

  private static PayloadFacts read(String json) throws MalformedPayloadException {
    return PayloadFacts.read(json.getBytes(UTF_8));
  }
}
