package dev.eventcollector.examples.webhooks.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GithubLinksTest {

  @Test
  void should_link_to_repository_subject_and_webhook_when_the_payload_names_them() {
    byte[] payload =
        """
        {"repository": {"html_url": "https://ghe.example/a/b"},
         "pull_request": {"html_url": "https://ghe.example/a/b/pull/7"}}"""
            .getBytes(UTF_8);

    assertThat(GithubLinks.of("pull_request", "a/b", "42", payload))
        .extracting(GithubLinks.Link::href)
        .containsExactly(
            "https://ghe.example/a/b",
            "https://ghe.example/a/b/pull/7",
            "https://ghe.example/a/b/settings/hooks/42",
            "https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request");
  }

  @Test
  void should_link_to_github_when_only_the_name_is_known() {
    assertThat(GithubLinks.of(null, "a/b", null, null))
        .extracting(GithubLinks.Link::href)
        .containsExactly("https://github.com/a/b");
    assertThat(GithubLinks.of(null, "a/../b?", null, null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "http://a.b/", "https:/x", "https://a b", "//a.b"})
  void should_not_link_when_it_is_no_plain_https_address(String href) {
    byte[] payload = ("{\"issue\": {\"html_url\": \"" + href + "\"}}").getBytes(UTF_8);

    assertThat(GithubLinks.of("nothing-known", null, null, payload)).isEmpty();
  }
}
