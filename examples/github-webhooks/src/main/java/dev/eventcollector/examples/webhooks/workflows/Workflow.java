package dev.eventcollector.examples.webhooks.workflows;

import dev.eventcollector.examples.webhooks.github.PayloadFacts;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
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
    PayloadFacts facts = event.facts();
    return events.contains(event.name())
        && (actions.isEmpty() || (facts.action() != null && actions.contains(facts.action())))
        && (branches.isEmpty() || !facts.isDeletion())
        && anyMatches(branches, facts.branch())
        && anyMatches(repositories, lowerCase(facts.repository()));
  }

  /** GitHub's names of owners and repositories do not depend on case; branches do. */
  private static @Nullable String lowerCase(@Nullable String repository) {
    return repository == null ? null : repository.toLowerCase(Locale.ROOT);
  }

  private static boolean anyMatches(List<Glob> globs, @Nullable String candidate) {
    return globs.isEmpty()
        || (candidate != null && globs.stream().anyMatch(glob -> glob.matches(candidate)));
  }
}
