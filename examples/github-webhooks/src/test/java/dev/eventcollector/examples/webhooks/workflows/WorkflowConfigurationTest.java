package dev.eventcollector.examples.webhooks.workflows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.examples.webhooks.github.PayloadFacts;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowConfigurationTest {

  private static final String FILE = "workflows.yaml";

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // event, action, repository, branch, workflows
        "push, -, me/app, main, 'all-pushes, branches'",
        "push, -, me/app, release/1.0, 'all-pushes, branches'",
        "push, -, me/app, release/1/0, all-pushes",
        "push, -, me/app, feature/a/b/c, 'all-pushes, branches'",
        "push, -, me/app, mainline, all-pushes",
        "push, -, me/app, -, all-pushes",
        "push, -, -, v10, 'all-pushes, branches'",
        "push, -, me/app, v100, all-pushes",
        "issues, opened, me/app, -, issue-of-mine",
        "issues, closed, me/app, -, -",
        "issues, -, me/app, -, -",
        "issues, opened, you/app, -, -",
        "issues, opened, me/app/x, -, -",
        "issues, opened, -, -, -",
        "create, -, me/app, topic, two-events",
        "delete, -, me/app, topic, two-events",
        "star, created, me/app, -, -"
      })
  void should_run_a_workflow_when_event_action_branch_and_repository_match(
      String event,
      @Nullable String action,
      @Nullable String repository,
      @Nullable String branch,
      @Nullable String expected)
      throws Exception {
    WorkflowConfiguration configuration =
        parse(
            """
            workflows:
              - name: all-pushes
                on: push
              - name: branches
                on: push
                branches: [main, release/*, feature/**, v?0]
              - name: issue-of-mine
                on: issues
                actions: [opened, reopened]
                repositories: me/*
              - name: two-events
                on: [create, delete]
            """);

    PayloadFacts facts = new PayloadFacts(action, null, repository, branch);

    assertThat(configuration.decide(new ReceivedEvent("1", event, null, facts)).started())
        .containsExactlyElementsOf(expected == null ? List.of() : List.of(expected.split(", ")));
  }

  @Test
  void should_take_dots_and_brackets_of_a_pattern_for_themselves_when_matching() {
    assertThat(Glob.of("v1.0").matches("v1.0")).isTrue();
    assertThat(Glob.of("v1.0").matches("v1x0")).isFalse();
    assertThat(Glob.of("\\E.*[a]\\Q").matches("\\E.b[a]\\Q")).isTrue();
    assertThat(Glob.of("[ab]").matches("a")).isFalse();
  }

  @Test
  void should_keep_a_branch_that_looks_like_a_number_when_it_is_not_quoted() throws Exception {
    WorkflowConfiguration configuration =
        parse("workflows: [{name: docs, on: push, branches: 1.10}]");

    assertThat(configuration.workflows().get(0).branches()).hasToString("[1.10]");
  }

  static List<Arguments> brokenConfigurations() {
    return List.of(
        Arguments.of("", FILE + ":1: the file must have the field(s) workflows"),
        Arguments.of("- a", FILE + ":1: the file must have the field(s) workflows"),
        Arguments.of("flows: []", FILE + ":1: 'flows' is none of the fields workflows"),
        Arguments.of("workflows: text", FILE + ":1: there must be a list named workflows"),
        Arguments.of(
            "workflows:\n  - name: a\n    on: push\n  - name: a\n    on: push",
            FILE + ":4: a second workflow is named a; names must differ"),
        Arguments.of("workflows:\n  - on: push", FILE + ":2: a workflow needs a field name"),
        Arguments.of("workflows:\n  - name: a", FILE + ":2: a workflow needs a field on"),
        Arguments.of(
            "workflows:\n  - name: a\n    on: Push!",
            FILE + ":3: on 'Push!' must be the name of an event, such as pull_request"),
        Arguments.of(
            "workflows:\n  - name: a\n    on: push\n    branch: main",
            FILE + ":4: 'branch' is none of the fields actions, branches, name, on, repositories"),
        Arguments.of(
            "workflows:\n  - name: a\n    on: push\n    branches: []",
            FILE + ":4: branches is empty; leave it out, or name at least one"),
        Arguments.of(
            "workflows:\n  - name: a\n    on: push\n    branches:\n      - main\n      - {b: c}",
            FILE + ":6: branches must be text or a list of texts"),
        Arguments.of(
            "workflows:\n  - name: a\n    on: push\n    actions: ", // nothing there
            FILE + ":4: actions must be text or a list of texts"),
        Arguments.of(
            "workflows:\n  - name: [a, b]\n    on: push",
            FILE + ":2: a workflow has one name, but there are 2"),
        Arguments.of(
            "workflows:\n  - name: a\n    on: push\n    branches: |\n      main\n",
            FILE + ":4: branches 'main<U+000A>' must be a pattern without blanks"),
        Arguments.of(
            "workflows:\n  - name: a\n    on: push\n    branches: ${BRANCH}",
            FILE + ":4: branches must be text without a tag, but has !ENV_VARIABLE"),
        Arguments.of("workflows:\n  - [", FILE + ":2: not YAML: "),
        Arguments.of("workflows:\n\t- a", FILE + ":2: not YAML: "));
  }

  @ParameterizedTest
  @MethodSource("brokenConfigurations")
  void should_name_file_line_and_rule_when_the_configuration_is_broken(
      String yaml, String message) {
    assertThatThrownBy(() -> parse(yaml))
        .isInstanceOf(InvalidWorkflowsException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void should_name_all_problems_when_there_are_several() {
    assertThatThrownBy(() -> parse("workflows:\n  - name: a\n  - on: push\n  - x: y"))
        .hasMessage(
            """
            workflows.yaml:2: a workflow needs a field on; \
            workflows.yaml:3: a workflow needs a field name; \
            workflows.yaml:4: 'x' is none of the fields actions, branches, name, on, repositories; \
            workflows.yaml:4: a workflow needs a field name; \
            workflows.yaml:4: a workflow needs a field on""");
  }

  @Test
  void should_name_the_file_when_it_cannot_be_read(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "workflows: []");
    assertThat(WorkflowConfiguration.read(file).workflows()).isEmpty();

    assertThatThrownBy(() -> WorkflowConfiguration.read(folder.resolve("absent.yaml")))
        .isInstanceOf(InvalidWorkflowsException.class)
        .hasMessageContaining("absent.yaml cannot be read");
  }

  @Test
  void should_be_valid_when_it_is_the_sample() {
    assertThat(WorkflowConfiguration.sample().workflows())
        .extracting(Workflow::name)
        .contains("build", "triage", "mirror");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "on: push, branches: '!main' | patterns that exclude are not supported",
        "on: push, branches: refs/heads/main | matches none: leave refs/heads/ out",
        "on: push, branches: 'v[0-9]*' | matches no name that a branch can have",
        "on: push, branches: 'v1+' | + is no wildcard here",
        "on: push, branches: !exclude main | branches must be text without a tag, but has !exclude",
        "on: push, branches: 'main\u00a0' | branches 'main<U+00A0>' must be a pattern without blanks",
        "on: push, branches: 'ma\u200bin' | branches 'ma<U+200B>in' must be a pattern",
        "on: push, branches: 'release/' | matches no name that a branch can have",
        "on: push, branches: 'a..b' | matches no name that a branch can have",
        "on: push, repositories: '*' | it must be owner/name",
        "on: push, repositories: hello-world | it must be owner/name",
        "on: push, repositories: 'https://github.com/me/app' | it must be owner/name",
        "on: push, repositories: me/app.git | it must be owner/name",
        "on: push, actions: opened | 'push' never starts it",
        "on: issues, branches: main | 'issues' never starts it",
        "on: [issues, release], branches: main | 'release' never starts it",
        "on: organization, repositories: me/* | 'organization' never starts it"
      })
  void should_refuse_a_workflow_that_can_never_start(String fields, String reason) {
    assertThatThrownBy(() -> parse("workflows:\n  - {name: a, " + fields + "}"))
        .isInstanceOf(InvalidWorkflowsException.class)
        .hasMessageStartingWith(FILE + ":2: ")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "on: [push, issues], branches: main | 'issues' never starts it",
        "on: [push, pull_request], actions: opened | 'push' never starts it",
        "on: issues, actions: openend | actions 'openend' is no action of issues that is known here",
        "on: [release, issues], actions: [opened, publishd] | actions 'publishd' is no action of",
        "on: schedule | on 'schedule' is no event of GitHub's webhooks that is known here"
      })
  void should_warn_of_a_part_that_has_no_effect(String fields, String warning) throws Exception {
    assertThat(parse("workflows:\n  - {name: a, " + fields + "}").warnings())
        .singleElement()
        .asString()
        .startsWith(FILE + ":2: " + warning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on: [release, issues], actions: [opened, published]",
        "on: repository_dispatch, actions: anything",
        "on: [issues, an_event_of_tomorrow], actions: anything"
      })
  void should_not_warn_of_an_action_that_one_of_the_events_can_have(String fields)
      throws Exception {
    assertThat(parse("workflows:\n  - {name: a, " + fields + "}").warnings())
        .noneMatch(warning -> warning.contains("is no action of"));
  }

  @Test
  void should_warn_when_there_is_no_workflow() throws Exception {
    assertThat(parse("workflows: []").warnings()).hasSize(1);
    assertThat(WorkflowConfiguration.sample().warnings()).isEmpty();
  }

  @Test
  void should_take_repositories_for_the_same_in_any_case() throws Exception {
    WorkflowConfiguration configuration =
        parse("workflows: [{name: a, on: push, repositories: OctoCat/*}]");

    assertThat(configuration.decide(event("push", "Octocat/Hello-World")).started())
        .containsExactly("a");
  }

  @Test
  void should_run_nothing_with_branches_when_a_push_has_deleted_one() throws Exception {
    String deletion =
        """
        {"ref": "refs/heads/main", "deleted": true, "created": false, "head_commit": null,
         "after": "0000000000000000000000000000000000000000",
         "repository": {"full_name": "octocat/hello-world"}}""";
    PayloadFacts facts = PayloadFacts.read(deletion.getBytes(UTF_8));

    assertThat(
            WorkflowConfiguration.sample()
                .decide(new ReceivedEvent("1", "push", null, facts))
                .started())
        .as("build has branches, mirror takes every push")
        .containsExactly("mirror");
    assertThat(facts.branch()).isEqualTo("main");
  }

  @Test
  void should_say_that_a_tag_is_no_branch_when_one_is_pushed() throws Exception {
    byte[] push = "{\"ref\": \"refs/tags/main\"}".getBytes(UTF_8);
    Decision decision =
        parse("workflows: [{name: a, on: push, branches: main}]")
            .decide(new ReceivedEvent("1", "push", null, PayloadFacts.read(push)));

    assertThat(decision.started()).isEmpty();
    assertThat(decision.verdicts().get(0).rules().get(1).note())
        .isEqualTo("it is about the tag main");
  }

  @Test
  @Timeout(180)
  void should_match_in_no_time_when_a_pattern_has_many_wildcards() {
    assertThat(Glob.of("**a".repeat(80) + "b").matches("a".repeat(1_000))).isFalse();
    assertThat(Glob.of("**a".repeat(80)).matches("a".repeat(1_000))).isTrue();
  }

  private static ReceivedEvent event(String name, String repository) {
    return new ReceivedEvent("1", name, null, new PayloadFacts(null, null, repository, "main"));
  }

  private static WorkflowConfiguration parse(String yaml) throws InvalidWorkflowsException {
    return WorkflowConfiguration.parse(FILE, yaml);
  }
}
