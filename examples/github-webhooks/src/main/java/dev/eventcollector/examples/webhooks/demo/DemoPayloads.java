package dev.eventcollector.examples.webhooks.demo;

import java.util.Locale;

/** The parts of GitHub's payloads that this app reads, and a little around them. */
public final class DemoPayloads {

  static final String REPOSITORY = "octocat/hello-world";

  private DemoPayloads() {}

  public static String ping() {
    return String.format(
        Locale.ROOT,
        """
        {"zen": "Keep it logically awesome.", "hook_id": 42, "hook": {"type": "Repository"}, \
        "repository": {"full_name": "%s"}}""",
        REPOSITORY);
  }

  public static String push(String branch) {
    return String.format(
        Locale.ROOT,
        """
        {"ref": "refs/heads/%s", "commits": [{"message": "Größer, schöner: “quotes” & {braces}"}], \
        "repository": {"full_name": "%s"}, "sender": {"login": "octocat"}}""",
        branch,
        REPOSITORY);
  }

  public static String pullRequest(String action, String base) {
    return String.format(
        Locale.ROOT,
        """
        {"action": "%s", "number": 7, "pull_request": {"head": {"ref": "topic"}, "base": {"ref": "%s"}}, \
        "repository": {"full_name": "%s"}}""",
        action,
        base,
        REPOSITORY);
  }

  /** An event with an action and a repository, and nothing else that matters here. */
  public static String action(String action) {
    return String.format(
        Locale.ROOT,
        """
        {"action": "%s", "repository": {"full_name": "%s"}, "sender": {"login": "octocat"}}""",
        action,
        REPOSITORY);
  }

  /** An event of an organisation. */
  public static String withoutRepository(String action) {
    return String.format(
        Locale.ROOT,
        """
        {"action": "%s", "organization": {"login": "octo-org"}, "sender": {"login": "octocat"}}""",
        action);
  }
}
