package dev.eventcollector.examples.faktory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The workers that the stand-in knows of. */
final class StandInWorkers {

  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** One connection of a worker. */
  record Seat(Worker worker, Worker own, Runnable close) {
    /**
     * A fault of the server's: it looks at the state that came with the connection, and tells the
     * one of the worker's first connection. So the others still get jobs when a worker is quiet.
     */
    boolean isRunning() {
      return own.state.isEmpty();
    }
  }

  private static final class Worker {
    private final String wid;
    private final List<Seat> seats = new ArrayList<>();
    private String state = "";
    private Instant latestBeat = Instant.EPOCH;

    private Worker(String wid) {
      this.wid = wid;
    }
  }

  private final Map<String, Worker> workers = new HashMap<>();
  private final Supplier<Instant> clock;

  StandInWorkers(Supplier<Instant> clock) {
    this.clock = clock;
  }

  synchronized Seat sit(String wid, Runnable close) {
    Worker own = new Worker(wid);
    Worker known = workers.putIfAbsent(wid, own);
    if (known == null) {
      own.latestBeat = clock.get();
    }
    Seat seat = new Seat(known == null ? own : known, own, close);
    seat.worker().seats.add(seat);
    return seat;
  }

  synchronized void leave(Seat seat) {
    Worker worker = seat.worker();
    worker.seats.remove(seat);
    if (worker.seats.isEmpty()) {
      workers.remove(worker.wid, worker);
    }
  }

  /** The state that the worker is to have, empty for running; null when it is not known. */
  synchronized @Nullable String beat(String wid, String state) {
    Worker worker = workers.get(wid);
    if (worker == null) {
      return null;
    }
    worker.latestBeat = clock.get();
    if (!state.isEmpty()) {
      change(worker, state);
    }
    return worker.state;
  }

  /** From running to quiet to terminate, and never back. */
  private static void change(Worker worker, String state) {
    boolean quiets = state.equals("quiet") && worker.state.isEmpty();
    if (quiets || state.equals("terminate")) {
      worker.state = state;
    }
  }

  /** As a click on the server's page does. */
  synchronized void tellAll(String state) {
    workers.values().forEach(worker -> change(worker, state));
  }

  /** Forgets the silent ones, and closes their connections. */
  synchronized void passTime() {
    Instant latest = clock.get().minus(SILENCE);
    for (Worker worker : List.copyOf(workers.values())) {
      if (worker.latestBeat.isBefore(latest)) {
        workers.remove(worker.wid);
        List.copyOf(worker.seats).forEach(seat -> seat.close().run());
      }
    }
  }
}
