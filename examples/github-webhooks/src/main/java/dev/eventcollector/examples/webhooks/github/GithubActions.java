package dev.eventcollector.examples.webhooks.github;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The actions that GitHub's events can have: those that @octokit/webhooks 14.2.0 knows, and newer
 * ones. GitHub adds actions now and then, so an unknown one is not an error. Those of {@code
 * repository_dispatch} are up to its sender.
 */
final class GithubActions {

  private static final Map<String, Set<String>> BY_EVENT =
      Map.ofEntries(
          actions("branch_protection_configuration", "enabled disabled"),
          actions("branch_protection_rule", "created edited deleted"),
          actions("check_run", "created completed rerequested requested_action"),
          actions("check_suite", "completed requested rerequested"),
          actions(
              "code_scanning_alert",
              "appeared_in_branch closed_by_user created fixed reopened reopened_by_user"
                  + " updated_assignment"),
          actions("commit_comment", "created"),
          actions("custom_property", "created updated deleted promote_to_enterprise"),
          actions("custom_property_values", "updated"),
          actions(
              "dependabot_alert",
              "assignees_changed auto_dismissed auto_reopened created dismissed fixed"
                  + " reintroduced reopened"),
          actions("deploy_key", "created deleted"),
          actions("deployment", "created"),
          actions("deployment_protection_rule", "requested"),
          actions("deployment_review", "approved rejected requested"),
          actions("deployment_status", "created"),
          actions(
              "discussion",
              "answered category_changed closed created deleted edited labeled locked"
                  + " pinned reopened transferred unanswered unlabeled unlocked unpinned"),
          actions("discussion_comment", "created deleted edited"),
          actions("github_app_authorization", "revoked"),
          actions("installation", "created deleted new_permissions_accepted suspend unsuspend"),
          actions("installation_repositories", "added removed"),
          actions("installation_target", "renamed"),
          actions("issue_comment", "created deleted edited pinned unpinned"),
          actions(
              "issue_dependencies",
              "blocked_by_added blocked_by_removed blocking_added blocking_removed"),
          actions(
              "issues",
              "assigned closed deleted demilestoned edited labeled locked milestoned"
                  + " opened pinned reopened transferred typed unassigned unlabeled unlocked"
                  + " unpinned untyped"),
          actions("label", "created deleted edited"),
          actions(
              "marketplace_purchase",
              "cancelled changed pending_change pending_change_cancelled purchased"),
          actions("member", "added edited removed"),
          actions("membership", "added removed"),
          actions("merge_group", "checks_requested destroyed"),
          actions("meta", "deleted"),
          actions("milestone", "closed created deleted edited opened"),
          actions("org_block", "blocked unblocked"),
          actions("organization", "deleted member_added member_invited member_removed renamed"),
          actions("package", "published updated"),
          actions("personal_access_token_request", "approved cancelled created denied"),
          actions("project", "closed created deleted edited reopened"),
          actions("project_card", "converted created deleted edited moved"),
          actions("project_column", "created deleted edited moved"),
          actions("projects_v2", "closed created deleted edited reopened"),
          actions(
              "projects_v2_item", "archived converted created deleted edited reordered restored"),
          actions("projects_v2_status_update", "created deleted edited"),
          actions(
              "pull_request",
              "assigned auto_merge_disabled auto_merge_enabled closed converted_to_draft"
                  + " demilestoned dequeued edited enqueued labeled locked milestoned opened"
                  + " ready_for_review reopened review_request_removed review_requested"
                  + " synchronize unassigned unlabeled unlocked"),
          actions("pull_request_review", "dismissed edited submitted"),
          actions("pull_request_review_comment", "created deleted edited"),
          actions("pull_request_review_thread", "resolved unresolved"),
          actions("registry_package", "published updated"),
          actions("release", "created deleted edited prereleased published released unpublished"),
          actions(
              "repository",
              "archived created deleted edited privatized publicized renamed transferred"
                  + " unarchived"),
          actions("repository_advisory", "published reported"),
          actions("repository_ruleset", "created deleted edited"),
          actions("repository_vulnerability_alert", "create dismiss reopen resolve"),
          actions(
              "secret_scanning_alert",
              "assigned created publicly_leaked reopened resolved unassigned validated"),
          actions("secret_scanning_alert_location", "created"),
          actions("secret_scanning_scan", "completed"),
          actions("security_advisory", "published updated withdrawn"),
          actions(
              "sponsorship",
              "cancelled created edited pending_cancellation pending_tier_change"
                  + " tier_changed"),
          actions("star", "created deleted"),
          actions(
              "sub_issues",
              "parent_issue_added parent_issue_removed sub_issue_added sub_issue_removed"),
          actions("team", "added_to_repository created deleted edited removed_from_repository"),
          actions("watch", "started"),
          actions("workflow_job", "completed in_progress queued waiting"),
          actions("workflow_run", "completed in_progress requested"));

  private GithubActions() {}

  private static Map.Entry<String, Set<String>> actions(String event, String actions) {
    return Map.entry(event, Arrays.stream(actions.split(" ")).collect(Collectors.toSet()));
  }

  /** Empty when they are not known. */
  static Set<String> of(String event) {
    return BY_EVENT.getOrDefault(event, Set.of());
  }
}
