package dev.eventcollector.examples.webhooks;

/** What of GitHub's payloads this app reads, and a little around it. */
final class DemoPayloads {

  static final String REPOSITORY = "octocat/hello-world";

  private DemoPayloads() {}

  static String ping() {
    return """
        {"zen": "Keep it logically awesome.", "hook_id": 42, "hook": {"type": "Repository"}, \
        "repository": {"full_name": "%s"}}"""
        .formatted(REPOSITORY);
  }

  static String push(String branch) {
    return """
        {"ref": "refs/heads/%s", "commits": [{"message": "Größer, schöner: “quotes” & {braces}"}], \
        "repository": {"full_name": "%s"}, "sender": {"login": "octocat"}}"""
        .formatted(branch, REPOSITORY);
  }

  static String pullRequest(String action, String base) {
    return """
        {"action": "%s", "number": 7, "pull_request": {"head": {"ref": "topic"}, "base": {"ref": "%s"}}, \
        "repository": {"full_name": "%s"}}"""
        .formatted(action, base, REPOSITORY);
  }

  /** An event with an action and a repository, and nothing else that matters here. */
  static String action(String action) {
    return """
        {"action": "%s", "repository": {"full_name": "%s"}, "sender": {"login": "octocat"}}"""
        .formatted(action, REPOSITORY);
  }

  /** An event of an organisation. */
  static String withoutRepository(String action) {
    return """
        {"action": "%s", "organization": {"login": "octo-org"}, "sender": {"login": "octocat"}}"""
        .formatted(action);
  }
}
