package dev.eventcollector.examples.webhooks;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workflow, and when to run it. Sets and lists that are empty ask for nothing.
 *
 * @param events any of which starts it
 * @param actions the event must have one of them
 * @param branches the event must concern a branch that matches one of them
 * @param repositories the event must come from a repository that matches one of them
 */
record Workflow(
    String name,
    Set<String> events,
    Set<String> actions,
    List<Glob> branches,
    List<Glob> repositories) {

  boolean runsOn(ReceivedEvent event) {
    PayloadFacts facts = event.facts();
    return events.contains(event.name())
        && (actions.isEmpty() || (facts.action() != null && actions.contains(facts.action())))
        && anyMatches(branches, facts.branch())
        && anyMatches(repositories, facts.repository());
  }

  private static boolean anyMatches(List<Glob> globs, @Nullable String candidate) {
    return globs.isEmpty()
        || (candidate != null && globs.stream().anyMatch(glob -> glob.matches(candidate)));
  }
}
