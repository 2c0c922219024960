package dev.eventcollector.examples.faktory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The jobs of the stand-in, by the rules of Faktory 1.10. */
final class StandInStore {

  /** Faktory's Redis writes to disk that often; what came later is lost when the server dies. */
  private static final Duration WRITTEN_AFTER = Duration.ofSeconds(30);

  private static final Duration DEAD_KEPT = Duration.ofDays(180);
  private static final long FETCH_MILLIS = 2_000;

  /** A job that waits for its time, or is dead. */
  private record Timed(Instant when, StandInJob job) {}

  /** A job that is being worked on. */
  private record Reservation(StandInJob job, Instant expiry) {}

  private final Map<String, Deque<StandInJob>> queues = new TreeMap<>();
  private final List<Timed> retries = new ArrayList<>();
  private final List<Timed> scheduled = new ArrayList<>();
  private final List<Timed> dead = new ArrayList<>();
  private final Map<String, Reservation> working = new LinkedHashMap<>();
  private Duration ahead = Duration.ZERO;
  private long processed;
  private long failures;

  /** A fault of the server's: what a job without retries of its own gets. */
  private int defaultRetry = 25;

  synchronized Instant now() {
    return Instant.now().plus(ahead);
  }

  synchronized void advance(Duration by) {
    ahead = ahead.plus(by);
    passTime();
  }

  /** {@code PUSH}, which writes what it reads into the default of all. */
  synchronized @Nullable String push(StandInJob job) {
    if (job.retry() != null) {
      defaultRetry = job.retry();
    }
    return keep(job);
  }

  /** The reason why it was not kept; null when it was. */
  synchronized @Nullable String keep(StandInJob job) {
    if (job.retry() == null) {
      job.retry(defaultRetry);
    }
    String problem = job.problem();
    Instant at = problem == null ? job.at() : null;
    if (at != null && at.isAfter(now())) {
      scheduled.add(new Timed(at, job));
    } else if (problem == null) {
      enqueue(job);
    }
    return problem;
  }

  private void enqueue(StandInJob job) {
    job.enqueuedAt(now());
    queues.computeIfAbsent(job.queue(), name -> new ArrayDeque<>()).addLast(job);
    notifyAll();
  }

  /** The next job, which is then reserved; null when none came within two seconds. */
  synchronized @Nullable StandInJob fetch(List<String> from) throws InterruptedException {
    long end = System.nanoTime() + FETCH_MILLIS * 1_000_000;
    while (true) {
      for (String name : from) {
        Deque<StandInJob> queue = queues.get(name);
        if (queue != null && !queue.isEmpty()) {
          return reserve(queue.removeFirst());
        }
      }
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return null;
      }
      wait(millis);
    }
  }

  private StandInJob reserve(StandInJob job) {
    Instant expiry = now().plus(Reservations.of(job.reserveFor()));
    working.put(
        job.jid(), new Reservation(job, expiry)); // a second one of this jid takes its place
    return job;
  }

  synchronized void acknowledge(String jid) {
    if (working.remove(jid) != null) {
      processed++;
    }
  }

  /** False when there is no such reservation. */
  synchronized boolean fail(String jid, String type, String message, List<?> backtrace) {
    Reservation reservation = working.remove(jid);
    if (reservation == null) {
      return false;
    }
    failures++;
    StandInJob job = reservation.job();
    int count = job.fail(type, message, backtrace, now());
    int retry = job.retry() == null ? 0 : job.retry();
    if (retry != 0) {
      long seconds =
          (long) count * count * count * count
              + 15
              + ThreadLocalRandom.current().nextInt(30) * (count + 1L);
      if (count < retry) {
        retries.add(new Timed(now().plusSeconds(seconds), job));
      } else {
        dead.add(new Timed(now().plus(DEAD_KEPT), job));
      }
    }
    return true;
  }

  /** The server's periodic work, every few seconds. */
  synchronized void passTime() {
    Instant now = now();
    for (Map.Entry<String, Reservation> one : List.copyOf(working.entrySet())) {
      if (!one.getValue().expiry().isAfter(now)) {
        fail(one.getKey(), "ReservationExpired", "Faktory job reservation expired", List.of());
      }
    }
    moveDue(retries, now);
    moveDue(scheduled, now);
    dead.removeIf(timed -> !timed.when().isAfter(now));
  }

  private void moveDue(List<Timed> from, Instant now) {
    for (Iterator<Timed> all = from.iterator(); all.hasNext(); ) {
      Timed timed = all.next();
      if (!timed.when().isAfter(now)) {
        all.remove();
        enqueue(timed.job());
      }
    }
  }

  /** False for a command or target that there is not. */
  synchronized boolean mutate(String command, String target, Predicate<StandInJob> which) {
    List<Timed> from =
        switch (target) {
          case "retries" -> retries;
          case "scheduled" -> scheduled;
          case "dead" -> dead;
          default -> null;
        };
    if (from == null || !List.of("kill", "requeue", "discard", "clear").contains(command)) {
      return false;
    }
    for (Timed timed : List.copyOf(from)) {
      if (command.equals("clear") || which.test(timed.job())) {
        from.remove(timed);
        if (command.equals("kill")) {
          dead.add(new Timed(now().plus(DEAD_KEPT), timed.job()));
        } else if (command.equals("requeue")) {
          enqueue(timed.job());
        }
      }
    }
    return true;
  }

  synchronized void remove(List<String> names) {
    names.forEach(queues::remove);
  }

  synchronized void forgetReservations() {
    working.clear();
  }

  synchronized void flush() {
    queues.clear();
    retries.clear();
    scheduled.clear();
    dead.clear();
    working.clear();
  }

  /** As after {@code kill -9}: what came since the latest snapshot is gone. */
  synchronized void crash() {
    Instant snapshot = now().minus(WRITTEN_AFTER);
    queues.values().forEach(jobs -> jobs.removeIf(job -> job.enqueuedAt().isAfter(snapshot)));
  }

  synchronized Map<String, Object> info() {
    Map<String, Integer> sizes = new TreeMap<>();
    queues.forEach((name, jobs) -> sizes.put(name, jobs.size()));
    int enqueued = sizes.values().stream().mapToInt(Integer::intValue).sum();
    Map<String, Integer> sets = new TreeMap<>();
    sets.put("retries", retries.size());
    sets.put("scheduled", scheduled.size());
    sets.put("dead", dead.size());
    sets.put("working", working.size());
    Map<String, Object> faktory = new TreeMap<>();
    faktory.put("queues", sizes);
    faktory.put("sets", sets);
    faktory.put("total_enqueued", enqueued);
    faktory.put("total_queues", sizes.size());
    faktory.put("total_processed", processed);
    faktory.put("total_failures", failures);
    return Map.of(
        "now",
        now().toString(),
        "faktory",
        faktory,
        "server",
        Map.of("description", "a stand-in for Faktory, in memory", "faktory_version", "stand-in"));
  }
}
