package dev.eventcollector.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The input of an assertion: all events printed on failure, and those that count. Methods return
 * the failure to report to the reader of the test, or null if all is well.
 *
 * @param all all candidates, in the order of printing
 * @param counted the candidates that the assertion is about, for example the published ones, in
 *     order
 * @param verb for example {@code published}
 * @param printout all candidates, formatted for the reader
 */
record Evidence(List<Candidate> all, List<Candidate> counted, String verb, String printout) {

  private static final int VERB_WEIGHT = 1;

  /** An assertion about no event always holds, and so is a mistake. */
  static List<ExpectedEvent> some(ExpectedEvent... expected) {
    if (expected.length == 0) {
      throw new IllegalArgumentException(
          "expect at least one event, such as event().toQueue(\"orders\");"
              + " publishedNothing() and its like assert that there is none");
    }
    return List.of(expected);
  }

  /** Requires an event of its own for each of these. */
  @Nullable Failure lacks(List<ExpectedEvent> expected) {
    List<Expectation> expectations = expected.stream().map(e -> new Expectation(e, 1)).toList();
    List<Integer> found = IntStream.of(Expectation.assign(expectations, counted)).boxed().toList();
    for (int i = 0; i < expected.size(); i++) {
      if (!found.contains(i)) {
        return missing("an event", expected.get(i), matching(expected.get(i)));
      }
    }
    return null;
  }

  /** Requires this many events like this. */
  @Nullable Failure lacks(Count count, ExpectedEvent expected) {
    List<Candidate> matching = matching(expected);
    if (count.isTooFew(matching.size())) {
      return missing(count.toString(), expected, matching);
    }
    if (!count.accepts(matching.size())) {
      return new Failure(
          wanted(count.toString(), expected)
              + String.format(Locale.ROOT, "\nbut %s: %s", were(matching), numbers(matching))
              + "\n"
              + printout,
          count + ":\n    " + expected,
          lines(matching));
    }
    List<Candidate> open = counted.stream().filter(expected::cannotTell).toList();
    return count.accepts(matching.size() + open.size()) ? null : open(count, expected, open);
  }

  /** There may be too many: these cannot be decided. */
  private Failure open(Count count, ExpectedEvent expected, List<Candidate> open) {
    Candidate first = open.get(0);
    return new Failure(
        wanted(count.toString(), expected)
            + String.format(
                Locale.ROOT,
                "\nbut nobody can tell of %s. Narrow by toQueue(...), or withPayload(Type). Event %d:\n    - %s\n%s",
                numbers(open),
                number(first),
                String.join(
                    "\n    - ",
                    expected.mismatches(first).stream().map(ExpectedEvent.Mismatch::why).toList()),
                printout),
        count + ":\n    " + expected,
        lines(open));
  }

  /** Requires these in this order; others may be between them. */
  @Nullable Failure lacksInOrder(List<ExpectedEvent> expected) {
    Failure missing = lacks(expected);
    if (missing != null) {
      return missing;
    }
    int next = 0;
    for (int i = 0; i < expected.size(); i++) {
      ExpectedEvent wanted = expected.get(i);
      int from = next;
      while (next < counted.size() && !wanted.matches(counted.get(next))) {
        next++;
      }
      if (next == counted.size()) {
        String wantedOnes =
            IntStream.range(0, expected.size())
                .mapToObj(n -> "\n  " + (n + 1) + ". " + expected.get(n))
                .collect(Collectors.joining());
        return new Failure(
            String.format(
                Locale.ROOT,
                "Expected these to be %s in order:%s\nbut number %d is not behind those before it%s\n%s",
                verb,
                wantedOnes,
                i + 1,
                from == 0
                    ? ""
                    : "; event " + number(counted.get(from - 1)) + " was the last of them",
                printout),
            wantedOnes.strip(),
            lines(counted));
      }
      next++;
    }
    return null;
  }

  /** Requires that these expectations cover all events. */
  @Nullable Failure hasMoreThan(List<Expectation> expectations) {
    int[] assigned = Expectation.assign(expectations, counted);
    List<Candidate> unexpected = new ArrayList<>();
    for (int i = 0; i < assigned.length; i++) {
      if (assigned[i] < 0) {
        unexpected.add(counted.get(i));
      }
    }
    if (unexpected.isEmpty()) {
      return null;
    }
    String message =
        String.format(
            Locale.ROOT,
            "Expected nothing%s to be %s, but %s: %s%s\n%s",
            expectations.isEmpty() ? "" : " else",
            verb,
            unexpected.size() == 1 ? "1 event was" : unexpected.size() + " events were",
            numbers(unexpected),
            unexpected.stream().anyMatch(event -> isLikeAny(expectations, event))
                ? "\n(an assertion without a count speaks for one event; see exactly(n),"
                    + " atLeast(n))"
                : "",
            printout);
    return new Failure(message, "", lines(unexpected));
  }

  private static String lines(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::toString).collect(Collectors.joining("\n"));
  }

  private static boolean isLikeAny(List<Expectation> expectations, Candidate event) {
    return expectations.stream().anyMatch(expectation -> expectation.event().matches(event));
  }

  private List<Candidate> matching(ExpectedEvent expected) {
    return counted.stream().filter(expected::matches).toList();
  }

  private String wanted(String count, ExpectedEvent expected) {
    return String.format(Locale.ROOT, "Expected %s to be %s:\n    %s", count, verb, expected);
  }

  private Failure missing(String count, ExpectedEvent expected, List<Candidate> matching) {
    String but =
        matching.isEmpty()
            ? "\nbut none was."
            : String.format(Locale.ROOT, "\nbut only %s: %s.", were(matching), numbers(matching));
    Miss closest = nearMiss(expected);
    return new Failure(
        wanted(count, expected)
            + but
            + (closest == null
                ? ""
                : String.format(
                    Locale.ROOT,
                    " Closest is event %d:\n    - %s",
                    number(closest.candidate()),
                    String.join("\n    - ", closest.reasons())))
            + "\n"
            + printout,
        expected.toString(),
        closest == null ? "" : expected.describe(closest.candidate()));
  }

  private record Miss(Candidate candidate, List<String> reasons, int weight) {}

  private @Nullable Miss nearMiss(ExpectedEvent expected) {
    return all.stream()
        .map(candidate -> miss(expected, candidate))
        .filter(miss -> !miss.reasons().isEmpty())
        .min(Comparator.comparingInt(Miss::weight))
        .orElse(null);
  }

  private Miss miss(ExpectedEvent expected, Candidate candidate) {
    List<ExpectedEvent.Mismatch> mismatches = expected.mismatches(candidate);
    List<String> reasons =
        new ArrayList<>(mismatches.stream().map(ExpectedEvent.Mismatch::why).toList());
    int weight = mismatches.stream().mapToInt(ExpectedEvent.Mismatch::weight).sum();
    if (counted.stream().noneMatch(one -> one == candidate)) {
      reasons.add(String.format(Locale.ROOT, "was not %s: it is %s", verb, candidate.whereItIs()));
      weight += VERB_WEIGHT;
    }
    return new Miss(candidate, reasons, weight);
  }

  private int number(Candidate candidate) {
    return IntStream.range(0, all.size())
            .filter(i -> all.get(i) == candidate)
            .findFirst()
            .orElseThrow()
        + 1;
  }

  private static String were(List<Candidate> candidates) {
    return candidates.size() == 1 ? "1 was" : candidates.size() + " were";
  }

  private String numbers(List<Candidate> candidates) {
    return (candidates.size() == 1 ? "event " : "events ")
        + candidates.stream()
            .map(candidate -> String.valueOf(number(candidate)))
            .collect(Collectors.joining(", "));
  }
}
