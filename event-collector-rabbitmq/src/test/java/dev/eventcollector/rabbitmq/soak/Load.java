package dev.eventcollector.rabbitmq.soak;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.TooManyPendingEventsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that do units of work: of 1 to 20 events, some of them rolled back, some with a nested
 * unit that is rolled back or not. Keeps what should arrive, by thread and queue, and what must
 * not.
 */
final class Load implements EventCollectorListener {

  private static final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private record Made(String queue, String body) {}

  private final List<String> queues;
  private final Map<String, List<String>> expected = new ConcurrentHashMap<>();
  private final Set<String> rolledBack = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicLong> unknownOutcomes = new ConcurrentHashMap<>();
  private final Set<String> steppedAside = ConcurrentHashMap.newKeySet();
  private final Set<String> onceUnknown = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong units = new AtomicLong();
  private final AtomicLong full = new AtomicLong();
  private final List<Throwable> failures = new ArrayList<>();
  private volatile boolean stopped;

  Load(List<String> queues) {
    this.queues = queues;
  }

  /** To be registered with the collector: an unknown outcome explains one duplicate. */
  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      Outcome.Status status = outcomes.get(i).status();
      if (status.isRefusal()) {
        steppedAside.add(events.get(i).bodyAsText());
      }
      if (status == Outcome.Status.UNKNOWN || status == Outcome.Status.UNANSWERED) {
        unknownOutcomes
            .computeIfAbsent(events.get(i).id(), id -> new AtomicLong())
            .incrementAndGet();
        onceUnknown.add(events.get(i).bodyAsText());
      }
    }
  }

  void start(PublishingEventCollector events, int count, long seed) {
    for (int i = 0; i < count; i++) {
      int number = i;
      Thread thread =
          new Thread(() -> work(events, "t" + number, new Random(seed + number)), "soak-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void work(PublishingEventCollector events, String name, Random random) {
    try {
      for (int unit = 0; !stopped; unit++) {
        doUnit(events, name, name + " u" + unit, random);
        units.incrementAndGet();
        pause(random.nextInt(10));
      }
    } catch (Throwable e) {
      synchronized (failures) {
        failures.add(e);
      }
    }
  }

  private void doUnit(PublishingEventCollector events, String name, String unit, Random random) {
    List<Made> kept = new ArrayList<>();
    boolean fails = random.nextInt(10) == 0;
    boolean nests = random.nextInt(5) == 0;
    boolean innerFails = random.nextBoolean();
    int size = 1 + random.nextInt(20);
    try {
      AutoPublishingEventCollector.run(
          events,
          () -> {
            for (int i = 0; i < size; i++) {
              kept.add(enqueue(events, unit + " e" + i, random));
            }
            if (nests) {
              kept.addAll(nested(events, unit, random, innerFails));
            }
            if (fails) {
              throw new RolledBack();
            }
          });
      kept.forEach(
          made ->
              expected
                  .computeIfAbsent(name + " " + made.queue, key -> new ArrayList<>())
                  .add(made.body));
    } catch (RolledBack e) {
      kept.forEach(made -> rolledBack.add(made.body));
    } catch (TooManyPendingEventsException e) {
      full.incrementAndGet();
      kept.forEach(made -> rolledBack.add(made.body));
      pause(50);
    }
  }

  private List<Made> nested(
      PublishingEventCollector events, String unit, Random random, boolean fails) {
    List<Made> made = new ArrayList<>();
    try {
      AutoPublishingEventCollector.run(
          events,
          () -> {
            for (int i = 0; i < 3; i++) {
              made.add(enqueue(events, unit + " n" + i, random));
            }
            if (fails) {
              throw new RolledBack();
            }
          });
      return made;
    } catch (RolledBack e) {
      made.forEach(one -> rolledBack.add(one.body));
      return List.of();
    }
  }

  private Made enqueue(PublishingEventCollector events, String body, Random random) {
    String queue = queues.get(random.nextInt(queues.size()));
    events.enqueueEvent(body, queue);
    return new Made(queue, body);
  }

  private static void pause(long millis) {
    try {
      new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join(30_000);
    }
    synchronized (failures) {
      if (!failures.isEmpty()) {
        throw new AssertionError("a thread of the load failed", failures.get(0));
      }
    }
  }

  /** Bodies in the order in which they were enqueued, by thread and queue. */
  Map<String, List<String>> expected() {
    return expected;
  }

  Set<String> rolledBack() {
    return rolledBack;
  }

  /** Bodies of events that the broker refused at least once, and so have lost their place. */
  Set<String> steppedAside() {
    return steppedAside;
  }

  /** Bodies of events whose outcome was unknown at least once. */
  Set<String> onceUnknown() {
    return onceUnknown;
  }

  long unknownOutcomesOf(String id) {
    AtomicLong count = unknownOutcomes.get(id);
    return count == null ? 0 : count.get();
  }

  long units() {
    return units.get();
  }

  long unitsThatFoundNoRoom() {
    return full.get();
  }
}
