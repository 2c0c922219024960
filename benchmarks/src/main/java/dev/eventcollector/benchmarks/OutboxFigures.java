package dev.eventcollector.benchmarks;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Figures that are measured once: idle load, size of the table, take-over. */
final class OutboxFigures {

  private static final int LEFT_BEHIND_FOR_GRUELBOX = 20_000; // it takes ten times as long
  private static final int OF_UNIT = 10;

  private final OutboxPlace place;
  private final long brokerPid;
  private final Consumer<String> say;

  OutboxFigures(OutboxPlace place, long brokerPid, Consumer<String> say) {
    this.place = place;
    this.brokerPid = brokerPid;
    this.say = say;
  }

  private void say(String format, Object... arguments) {
    say.accept(String.format(Locale.ROOT, format, arguments));
  }

  /** Transactions of the database and CPU while nothing happens. */
  void idle(OutboxPeer peer, int seconds) throws Exception {
    try (OutboxContestant contestant = peer.start(place)) {
      new OutboxTurn(place, OF_UNIT, 1_000, brokerPid).play(contestant);
      pause(20); // what the turn has left to do; and the database counts late
      long transactions = transactions();
      double database = place.database().cpuSeconds();
      Usage usage = Usage.now();
      pause(seconds);
      say(
          "- idle, %s: %.2f transactions/s, CPU %.2f ms/s of the client, %.2f ms/s of the database",
          peer.title(),
          (double) (transactions() - transactions) / seconds,
          Usage.now().minus(usage).steadyCpuNanos() / 1e6 / seconds,
          (place.database().cpuSeconds() - database) * 1e3 / seconds);
    }
  }

  private static void pause(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (long left; (left = end - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  /** Ours and the statistics' own are in it, too: a handful. */
  private long transactions() {
    return place
        .database()
        .number(
            "select xact_commit + xact_rollback from pg_stat_database where datname = 'postgres'");
  }

  /** The size of the table, with its indexes, after so many events have passed through it. */
  void table(OutboxPeer peer, int events) throws Exception {
    try (OutboxContestant contestant = peer.start(place)) {
      OutboxTurn.Result result = new OutboxTurn(place, OF_UNIT, events, brokerPid).play(contestant);
      long bytes =
          place.database().number("select pg_total_relation_size('" + contestant.table() + "')");
      place.database().execute("vacuum " + contestant.table());
      say(
          "- table, %s: %.1f MB after %,d events (%,.0f/s), %.1f MB after a vacuum",
          peer.title(),
          bytes / 1e6,
          events,
          result.eventsPerSecond(),
          place.database().number("select pg_total_relation_size('" + contestant.table() + "')")
              / 1e6);
    }
    place.broker().emptyQueues(List.of(OutboxPlace.QUEUE));
  }

  /** How fast a process publishes what one has left that ended in order. */
  void takeOver(int events) throws Exception {
    for (int round = 0; round < 3; round++) {
      ours(events);
      gruelbox();
      place.broker().emptyQueues(List.of(OutboxPlace.QUEUE));
    }
  }

  /** The live heap while more and more events wait for a broker that is away. */
  void heap(int events) throws Exception {
    try (OutboxContestant waiting = new OutboxOurs(place, false, new NoBroker())) {
      for (int tenth = 1; tenth <= 10; tenth++) {
        for (int unit = 0; unit < events / 10 / 100; unit++) {
          waiting.placeOrder(100);
        }
        say(
            "- heap, event-collector: %.1f MB live while %,d events wait",
            LiveHeap.bytes() / 1e6, (long) events / 10 * tenth);
      }
      place.database().execute("truncate " + waiting.table());
    }
  }

  private void ours(int events) throws Exception {
    try (OutboxContestant left = new OutboxOurs(place, false, new NoBroker())) {
      leaveBehind(left, events);
    }
    long began = System.nanoTime();
    try (OutboxContestant taker = new OutboxOurs(place, false)) {
      new OutboxTurn(place, OF_UNIT, 0, brokerPid).awaitNothingLeft(taker, events);
      saidTakeOver("event-collector", events, began);
    }
  }

  /** Its entries are due a minute after they were stored; that wait is left out. */
  private void gruelbox() throws Exception {
    try (OutboxGruelbox left = new OutboxGruelbox(place, false, false)) {
      leaveBehind(left, LEFT_BEHIND_FOR_GRUELBOX);
    }
    place.database().execute("update txno_outbox set nextattempttime = now() - interval '1 hour'");
    long began = System.nanoTime();
    try (OutboxGruelbox taker = new OutboxGruelbox(place, false)) {
      while (taker.flush()) {
        // and again
      }
      new OutboxTurn(place, OF_UNIT, 0, brokerPid)
          .awaitNothingLeft(taker, LEFT_BEHIND_FOR_GRUELBOX);
      saidTakeOver("transaction-outbox", LEFT_BEHIND_FOR_GRUELBOX, began);
    }
  }

  private static void leaveBehind(OutboxContestant left, int events) throws Exception {
    for (int unit = 0; unit < events / 100; unit++) {
      left.placeOrder(100);
    }
  }

  private void saidTakeOver(String who, int events, long began) {
    double seconds = (System.nanoTime() - began) / 1e9;
    say(
        "- take-over of %,d events, %s: %.2f s (%,.0f/s), its start included",
        events, who, seconds, events / seconds);
  }

  /** A broker that is away. */
  private static final class NoBroker implements EventPublisher {
    @Override
    public List<Outcome> publish(List<Event> chunk, Duration timeout) {
      return Collections.nCopies(chunk.size(), Outcome.notSent("no broker"));
    }
  }
}
