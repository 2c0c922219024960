package dev.eventcollector.examples.webhooks.demo;

import dev.eventcollector.CollectorState;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.history.Tally;
import dev.eventcollector.examples.webhooks.queue.Queues;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Shows what became of the demo's deliveries, and whether all numbers add up. */
final class DemoReport {

  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;
  private static final String RULE = "-".repeat(110);

  /** A step and what its sender saw. */
  private record Answered(DemoStep step, int status) {}

  private final FailingTwice workflows;
  private final Tally<String> runs;
  private final List<Answered> answered = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private boolean allRight = true;

  DemoReport(FailingTwice workflows, Tally<String> runs) {
    this.workflows = workflows;
    this.runs = runs;
  }

  void answered(DemoStep step, int status) {
    answered.add(new Answered(step, status));
  }

  /** Whether everything was as it must be. */
  boolean print(PrintStream out, Counters counters, CollectorState state, boolean drained) {
    printSteps();
    printSums(counters, state, drained);
    line("");
    if (allRight) {
      line(
          "Handling the release failed twice after it had enqueued an event: both events were dropped.");
      line("The broker died, and a push came in meanwhile: it was kept, and nothing was lost.");
      line("All numbers add up.");
    } else {
      line("SOMETHING DOES NOT ADD UP, see above.");
    }
    out.print(text);
    out.flush();
    return allRight;
  }

  private void printSteps() {
    String format = "%-16s %-46s %6s  %-14s %-22s %s";
    line("");
    line(format, "event", "what was sent", "answer", "handled", "workflow runs", "");
    line(RULE);
    for (Answered one : answered) {
      DemoStep step = one.step();
      boolean taken = isTaken(one.status());
      boolean duplicate = taken && firstOf(step.id()) != one;
      String handled = "";
      String started = "";
      boolean right = one.status() == step.status();
      if (duplicate) {
        handled = "duplicate";
      } else if (taken) {
        long attempts = workflows.attempts(step.id());
        handled = attempts == 1 ? "once" : attempts + " attempts";
        started = runsOf(step);
        right &= attempts > 0 && started.equals(String.join(", ", step.runs()));
      }
      line(
          format,
          step.event(),
          step.title(),
          one.status(),
          handled,
          started,
          verdict(right, String.format(Locale.ROOT, "expected %d %s", step.status(), step.runs())));
    }
  }

  private Answered firstOf(String id) {
    return answered.stream()
        .filter(one -> one.step().id().equals(id) && isTaken(one.status()))
        .findFirst()
        .orElseThrow();
  }

  /** The messages of the queue of workflow runs, expected or not. */
  private String runsOf(DemoStep step) {
    String prefix = step.id() + "/";
    return runs.counts().keySet().stream()
        .filter(run -> run.startsWith(prefix))
        .map(run -> run.substring(prefix.length()))
        .collect(Collectors.joining(", "));
  }

  private void printSums(Counters counters, CollectorState state, boolean drained) {
    long accepted = counters.answers.count(ACCEPTED);
    long kept = counters.answers.count(UNAVAILABLE);
    long received = counters.answers.total();
    long published = counters.enqueued.count(Queues.GITHUB_EVENTS);
    long confirmed = counters.confirmed.count(Queues.GITHUB_EVENTS);
    long completed = counters.handled.count(Handling.COMPLETED);
    long duplicates = counters.handled.count(Handling.DUPLICATE);
    long runsPublished = counters.enqueued.count(Queues.WORKFLOW_RUNS);
    long runsConfirmed = counters.confirmed.count(Queues.WORKFLOW_RUNS);
    long dead = counters.handled.count(Handling.DEAD);
    line("");
    line("in numbers (answers by status: %s)", counters.answers.counts());
    line(RULE);
    sum("sent", answered.size(), "received", received);
    sum("rejected", received - accepted - kept, "meant to be", meantToBeRejected());
    sum("accepted + kept", accepted + kept, "published to github-events", published);
    sum("published", published, "confirmed by the broker", confirmed);
    sum("confirmed", confirmed, "processed + dropped as duplicates", completed + duplicates);
    sum("dropped as duplicates", duplicates, "sent more than once", sentAgain());
    // What a lost connection gives back is no failure.
    sum(
        "attempts that failed",
        counters.handled.count(Handling.RETRIED),
        "failures on purpose",
        workflows.failures());
    // Runs of failed attempts are dropped. Runs that are not confirmed are taken back, and
    // published
    // the next time.
    long takenBack = state.withdrawn() + state.cleared();
    sum(
        "workflow runs enqueued",
        runsPublished,
        "confirmed + dropped or taken back",
        runsConfirmed + takenBack);
    sum("workflow runs confirmed", runsConfirmed, "taken out of their queue", runs.total());
    // What could not be taken back any more comes twice, under the same id.
    sum("different workflow runs", runs.counts().size(), "meant to be started", meantToBeStarted());
    sum(
        "all events enqueued",
        state.enqueued(),
        "confirmed + dropped or taken back",
        state.confirmed() + takenBack);
    sum("owed, undeliverable, dead", state.owed() + state.undeliverable() + dead, "nothing", 0);
    sum("drained at the end", drained ? 1 : 0, "once", 1);
  }

  private long meantToBeRejected() {
    return answered.stream().filter(one -> !isTaken(one.step().status())).count();
  }

  private long meantToBeStarted() {
    return answered.stream().mapToLong(one -> one.step().runs().size()).sum();
  }

  private long sentAgain() {
    List<String> taken =
        answered.stream().filter(one -> isTaken(one.status())).map(one -> one.step().id()).toList();
    return taken.size() - Set.copyOf(taken).size();
  }

  private static boolean isTaken(int status) {
    return status == ACCEPTED || status == UNAVAILABLE;
  }

  private void sum(String what, long number, String other, long otherNumber) {
    line(
        "  %-30s %4d = %-4d %-36s %s",
        what, number, otherNumber, other, verdict(number == otherNumber, "these must be equal"));
  }

  private String verdict(boolean right, String otherwise) {
    allRight &= right;
    return right ? "ok" : "WRONG: " + otherwise;
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }
}
