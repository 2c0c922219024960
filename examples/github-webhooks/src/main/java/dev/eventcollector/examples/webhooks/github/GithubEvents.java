package dev.eventcollector.examples.webhooks.github;

import java.util.Set;

/**
 * The events that GitHub's webhooks can have, as documented in 2025, and the parts that their
 * payloads lack. GitHub adds events now and then, so an unknown name is not an error.
 */
public final class GithubEvents {

  /** Events whose payloads tell a branch to {@link PayloadFacts}. */
  private static final Set<String> WITH_BRANCH =
      Set.of(
          "push",
          "create",
          "delete",
          "pull_request",
          "pull_request_review",
          "pull_request_review_comment",
          "pull_request_review_thread",
          "merge_group",
          "check_run",
          "check_suite",
          "code_scanning_alert",
          "deployment",
          "deployment_protection_rule",
          "deployment_review",
          "deployment_status",
          "repository_dispatch",
          "workflow_dispatch",
          "workflow_job",
          "workflow_run");

  private static final Set<String> WITHOUT_ACTION =
      Set.of(
          "push",
          "create",
          "delete",
          "fork",
          "gollum",
          "page_build",
          "ping",
          "public",
          "repository_import",
          "status",
          "team_add",
          "workflow_dispatch");

  private static final Set<String> WITHOUT_REPOSITORY =
      Set.of(
          "github_app_authorization",
          "installation",
          "installation_repositories",
          "installation_target",
          "marketplace_purchase",
          "organization",
          "org_block",
          "personal_access_token_request",
          "projects_v2",
          "projects_v2_item",
          "projects_v2_status_update",
          "security_advisory",
          "sponsorship");

  private static final Set<String> OTHERS =
      Set.of(
          "branch_protection_configuration",
          "branch_protection_rule",
          "commit_comment",
          "custom_property",
          "custom_property_values",
          "dependabot_alert",
          "deploy_key",
          "discussion",
          "discussion_comment",
          "issue_comment",
          "issue_dependencies",
          "issues",
          "label",
          "member",
          "membership",
          "meta",
          "milestone",
          "package",
          "project",
          "project_card",
          "project_column",
          "registry_package",
          "release",
          "repository",
          "repository_advisory",
          "repository_ruleset",
          "repository_vulnerability_alert",
          "secret_scanning_alert",
          "secret_scanning_alert_location",
          "secret_scanning_scan",
          "security_and_analysis",
          "star",
          "sub_issues",
          "team",
          "watch");

  private GithubEvents() {}

  public static boolean isKnown(String event) {
    return WITH_BRANCH.contains(event)
        || WITHOUT_ACTION.contains(event)
        || WITHOUT_REPOSITORY.contains(event)
        || OTHERS.contains(event);
  }

  public static boolean lacksBranch(String event) {
    return isKnown(event) && !WITH_BRANCH.contains(event);
  }

  public static boolean lacksAction(String event) {
    return WITHOUT_ACTION.contains(event);
  }

  public static boolean lacksRepository(String event) {
    return WITHOUT_REPOSITORY.contains(event);
  }

  /** The actions that an event can have; empty when they are not known, or it never has one. */
  public static Set<String> actionsOf(String event) {
    return GithubActions.of(event);
  }
}
