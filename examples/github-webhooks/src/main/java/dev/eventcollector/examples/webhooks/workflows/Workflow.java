package dev.eventcollector.examples.webhooks.workflows;

import dev.eventcollector.examples.webhooks.github.PayloadFacts;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workflow, and when to run it. Sets and lists that are empty ask for nothing.
 *
 * @param events any of which starts it
 * @param actions the event must have one of them
 * @param branches the event must concern a branch that matches one of them; a push that deletes its
 *     branch does not, as there is nothing left to run on
 * @param repositories in lower case; the event must come from a repository that matches one of
 *     them, whatever its case
 */
record Workflow(
    String name,
    Set<String> events,
    Set<String> actions,
    List<Glob> branches,
    List<Glob> repositories) {

  boolean runsOn(ReceivedEvent event) {
    return rules(event).stream().allMatch(Rule::holds);
  }

  /** The rules that this workflow has, applied to an event. */
  List<Rule> rules(ReceivedEvent event) {
    PayloadFacts facts = event.facts();
    List<Rule> rules = new ArrayList<>();
    rules.add(rule("on", events, event.name()));
    if (!actions.isEmpty()) {
      rules.add(rule("actions", actions, facts.action()));
    }
    if (!branches.isEmpty()) {
      rules.add(
          facts.isDeletion()
              ? new Rule(
                  "branches",
                  texts(branches),
                  facts.branch(),
                  false,
                  "the push deletes it, which leaves nothing to run on")
              : branchRule(facts));
    }
    if (!repositories.isEmpty()) {
      String repository = facts.repository();
      rules.add(rule("repositories", repositories, repository, lowerCase(repository)));
    }
    return rules;
  }

  private Rule branchRule(PayloadFacts facts) {
    Rule rule = rule("branches", branches, facts.branch(), facts.branch());
    String tag = facts.tag();
    return rule.has() == null && tag != null
        ? new Rule(rule.field(), rule.wanted(), null, false, "it is about the tag " + tag)
        : rule;
  }

  private static Rule rule(String field, Set<String> wanted, @Nullable String has) {
    boolean holds = has != null && wanted.contains(has);
    return new Rule(field, wanted.stream().sorted().toList(), has, holds, null);
  }

  private static Rule rule(
      String field, List<Glob> wanted, @Nullable String has, @Nullable String compared) {
    boolean holds = compared != null && wanted.stream().anyMatch(glob -> glob.matches(compared));
    return new Rule(field, texts(wanted), has, holds, null);
  }

  private static List<String> texts(List<Glob> globs) {
    return globs.stream().map(Glob::text).toList();
  }

  /** GitHub's names of owners and repositories do not depend on case; branches do. */
  private static @Nullable String lowerCase(@Nullable String repository) {
    return repository == null ? null : repository.toLowerCase(Locale.ROOT);
  }
}
