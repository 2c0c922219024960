package dev.eventcollector.examples.forwarder.sink;

import dev.eventcollector.Outcome;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the records over which a sink refuses a batch, by posting halves of it, and halves of those
 * that are refused. The others are accepted on the way.
 *
 * <p>The outcome of a record is CONFIRMED, or REFUSED when the sink has refused it alone and
 * accepted others meanwhile, or else NACKED: a sink that refuses everything says nothing about a
 * record. Safe for use by many threads.
 */
public final class Halving {

  /** The most posts for one batch; the rest of it is NACKED. */
  static final int MOST_POSTS = 64;

  private static final int REFUSALS_THAT_TELL = 2;

  private final Suspects suspects;

  /** Remembers refused records from one call to the next. */
  public Halving(SinkHealth health) {
    suspects = new Suspects(health);
  }

  /** Posts a part of a batch, once. */
  @FunctionalInterface
  public interface Poster {
    /** The answer of the sink. */
    Sink.Answer post(List<byte[]> records);
  }

  /** The answers that count as a refusal of records. */
  public enum Blame {
    /** A status that blames the body. */
    REFUSALS,
    /** Also an error of the sink, except for those that ask to come back later. */
    ERRORS,
    /** Any failure, also no answer. */
    ANY_FAILURE
  }

  /**
   * Posts a batch, in parts if the sink refuses it.
   *
   * @return an outcome for each record
   */
  public List<Outcome> post(List<byte[]> records, Poster poster, Blame blame) {
    Search search = new Search(records, poster, blame);
    search.post(0, records.size());
    return Arrays.asList(search.outcomes);
  }

  /** Like {@link #post}, for a batch that the sink has just refused as a whole. */
  List<Outcome> split(List<byte[]> records, Sink.Answer refusal, Poster poster) {
    Search search = new Search(records, poster, Blame.REFUSALS);
    search.settle(0, records.size(), refusal);
    return Arrays.asList(search.outcomes);
  }

  private final class Search {

    private final List<byte[]> records;
    private final Poster poster;
    private final Blame blame;
    private final Outcome[] outcomes;
    private int posts;
    private int refusedAlone;
    private boolean anyAccepted;
    private boolean isOver;

    Search(List<byte[]> records, Poster poster, Blame blame) {
      this.records = records;
      this.poster = poster;
      this.blame = blame;
      this.outcomes = new Outcome[records.size()];
    }

    void post(int from, int to) {
      if (isOver || posts == MOST_POSTS) {
        Arrays.fill(outcomes, from, to, Outcome.nacked("not posted apart from refused records"));
        return;
      }
      posts++;
      settle(from, to, poster.post(records.subList(from, to)));
    }

    private boolean isRefusal(Sink.Answer answer) {
      return switch (blame) {
        case REFUSALS -> answer.refusesContent();
        case ERRORS -> answer.refusesContent() || answer.isError();
        case ANY_FAILURE -> true;
      };
    }

    void settle(int from, int to, Sink.Answer answer) {
      if (answer.isAccepted()) {
        anyAccepted = true;
        Arrays.fill(outcomes, from, to, Outcome.confirmed());
      } else if (!isRefusal(answer) || Thread.currentThread().isInterrupted()) {
        isOver = true;
        Arrays.fill(outcomes, from, to, Outcome.nacked(answer.reason()));
      } else if (to - from == 1) {
        refusedAlone++;
        outcomes[from] =
            suspects.isGuilty(records.get(from), answer)
                ? Outcome.refused(answer.reason())
                : Outcome.nacked(answer.reason());
      } else if (refusedAlone >= REFUSALS_THAT_TELL && !anyAccepted) {
        Arrays.fill(outcomes, from, to, Outcome.nacked(answer.reason()));
      } else {
        int middle = (from + to) / 2;
        post(from, middle);
        post(middle, to);
      }
    }
  }
}
