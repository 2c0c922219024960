package dev.eventcollector.examples.webhooks.workflows;

import dev.eventcollector.examples.webhooks.github.GithubEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Finds the parts of a workflow that cannot have an effect: patterns that match no branch or
 * repository, and filters on something that an event never has.
 */
final class WorkflowEffects {

  /** Git's own rules for names of branches (git check-ref-format), and those of the filter. */
  private static final Pattern NO_BRANCH =
      Pattern.compile("\\.\\.|//|@\\{|[\\[\\]\\\\^~:\\p{Cntrl}]|/\\.|\\.lock(/|$)|[/.]$|^[/.-]");

  private static final Pattern REPOSITORY_CHARACTERS = Pattern.compile("[A-Za-z0-9._*?/-]+");

  private final Consumer<String> problems;
  private final Consumer<String> warnings;

  /** Problems make a file unusable; warnings do not. */
  WorkflowEffects(Consumer<String> problems, Consumer<String> warnings) {
    this.problems = problems;
    this.warnings = warnings;
  }

  void check(Workflow workflow) {
    workflow.branches().forEach(this::checkBranch);
    workflow.repositories().forEach(this::checkRepository);
    for (String event : workflow.events().stream().sorted().toList()) {
      if (!GithubEvents.isKnown(event)) {
        warnings.accept("on '" + event + "' is no event of GitHub's webhooks that is known here");
      }
    }
    workflow.actions().stream().sorted().forEach(action -> checkAction(workflow, action));
    List<Lack> lacks = new ArrayList<>();
    if (!workflow.actions().isEmpty()) {
      lacks.add(new Lack("actions", "an action", GithubEvents::lacksAction));
    }
    if (!workflow.branches().isEmpty()) {
      lacks.add(new Lack("branches", "a branch", GithubEvents::lacksBranch));
    }
    if (!workflow.repositories().isEmpty()) {
      lacks.add(new Lack("repositories", "a repository", GithubEvents::lacksRepository));
    }
    checkEvents(workflow, lacks);
  }

  /** No error, because GitHub may have a new one; as long as all its events are known. */
  private void checkAction(Workflow workflow, String action) {
    Set<String> known = new TreeSet<>();
    for (String event : workflow.events()) {
      Set<String> actions = GithubEvents.actionsOf(event);
      if (actions.contains(action) || (actions.isEmpty() && !GithubEvents.lacksAction(event))) {
        return;
      }
      known.addAll(actions);
    }
    if (!known.isEmpty()) {
      warnings.accept(
          String.format(
              Locale.ROOT,
              "actions '%s' is no action of %s that is known here; known are %s",
              action,
              String.join(", ", workflow.events().stream().sorted().toList()),
              String.join(", ", known)));
    }
  }

  /** A filter on something that some events do not have. */
  private record Lack(String field, String what, Predicate<String> isLackedBy) {}

  private void checkEvents(Workflow workflow, List<Lack> lacks) {
    List<String> never = new ArrayList<>();
    int events = 0;
    for (String event : workflow.events().stream().sorted().toList()) {
      List<Lack> lacked = lacks.stream().filter(l -> l.isLackedBy().test(event)).toList();
      if (!lacked.isEmpty()) {
        events++;
        Lack first = lacked.get(0);
        never.add(
            String.format(
                Locale.ROOT,
                "'%s' never starts it, because that event has never %s and the workflow has %s",
                event,
                first.what(),
                first.field()));
      }
    }
    boolean isDead = events == workflow.events().size();
    never.forEach(isDead ? problems : warnings);
  }

  private void checkBranch(Glob branch) {
    String text = branch.text();
    if (text.startsWith("!")) {
      problems.accept("branches '" + text + "': patterns that exclude are not supported");
    } else if (text.startsWith("refs/")) {
      problems.accept("branches '" + text + "' matches none: leave refs/heads/ out");
    } else if (text.contains("+")) {
      problems.accept(
          "branches '"
              + text
              + "': + is no wildcard here, and a branch with a + in its name is matched by ?");
    } else if (NO_BRANCH.matcher(text).find()) {
      problems.accept(
          "branches '"
              + text
              + "' matches no name that a branch can have; *, ** and ? are wildcards");
    }
  }

  private void checkRepository(Glob repository) {
    String text = repository.text();
    long slashes = text.chars().filter(c -> c == '/').count();
    boolean isOwnerAndName = slashes == 1 || (slashes == 0 && text.contains("**"));
    if (!REPOSITORY_CHARACTERS.matcher(text).matches()
        || !isOwnerAndName
        || text.startsWith("/")
        || text.endsWith("/")
        || text.endsWith(".git")) {
      problems.accept(
          "repositories '" + text + "' matches none: it must be owner/name, such as me/*");
    }
  }
}
