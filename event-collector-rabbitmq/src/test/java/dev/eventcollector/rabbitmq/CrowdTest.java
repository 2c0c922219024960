package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many more threads than channels, while faults happen. */
class CrowdTest extends UsualBrokerFaults {

  private record Answer(String id, Status status, boolean begunLate) {}

  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean late = new AtomicBoolean();

  private List<Event> chunk(String prefix, int size, String to) {
    return IntStream.range(0, size)
        .mapToObj(i -> event(String.format(Locale.ROOT, "%s.%05d", prefix, i), to))
        .toList();
  }

  private void publishAndNote(
      RabbitMqEventPublisher publisher, List<Event> events, Duration timeout) {
    boolean begunLate = late.get();
    List<Outcome> outcomes = new ArrayList<>();
    Duration took = timed(() -> outcomes.addAll(publisher.publish(events, timeout)));
    assertThat(took).as("time of %s", events).isLessThan(timeout.plus(GRACE));
    assertThat(outcomes).hasSameSizeAs(events);
    for (int i = 0; i < events.size(); i++) {
      answers.add(new Answer(events.get(i).id(), outcomes.get(i).status(), begunLate));
    }
  }

  private interface Work {
    void by(int thread) throws Exception;
  }

  private List<CompletableFuture<Boolean>> crowd(int size, Work work) {
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int thread = i;
      all.add(
          elsewhere(
              () -> {
                threads.add(Thread.currentThread());
                work.by(thread);
                threads.remove(Thread.currentThread());
                return true;
              }));
    }
    return all;
  }

  private static void awaitAll(List<CompletableFuture<Boolean>> all) throws Exception {
    for (CompletableFuture<Boolean> one : all) {
      one.get(120, TimeUnit.SECONDS);
    }
  }

  private long count(Status status) {
    return answers.stream().filter(one -> one.status() == status).count();
  }

  private void assertConfirmedArrived(List<ReceivedMessage> arrived) {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    arrived.forEach(one -> ids.add(String.valueOf(one.id())));
    assertThat(answers)
        .filteredOn(one -> one.status() == Status.CONFIRMED)
        .filteredOn(one -> !ids.contains(one.id()))
        .as("confirmed and not there")
        .isEmpty();
  }

  /** It has one channel, so that a turn that never ended would end all. */
  private void assertStillPublishes(RabbitMqEventPublisher publisher) {
    await().until(() -> publish(publisher, "afterwards").equals(List.of(Status.CONFIRMED)));
  }

  @Test
  void should_lose_nothing_when_connections_are_lost_and_threads_interrupted_promises_1_2_4()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, "connects");
    String other = broker.declareUniqueQueue("other");
    int[] sizes = {1, 3, 0, 20, 1, 16, 2};
    List<CompletableFuture<Boolean>> all =
        crowd(
            100,
            thread -> {
              for (int i = 0; i < 8; i++) {
                String to = thread % 3 == 0 ? other : queue;
                Duration timeout =
                    Duration.ofMillis(thread % 5 == 0 ? 20 : thread % 5 == 1 ? 400 : 20_000);
                int size = sizes[(thread + i) % sizes.length];
                publishAndNote(
                    publisher,
                    chunk(String.format(Locale.ROOT, "%04d.%03d", thread, i), size, to),
                    timeout);
                Thread.interrupted();
              }
            });
    Random random = new Random(7);
    while (!all.stream().allMatch(CompletableFuture::isDone)) {
      for (Thread one : threads) {
        if (random.nextInt(20) == 0) {
          one.interrupt();
        }
      }
      if (random.nextInt(4) == 0) {
        proxy.cut();
      }
      int answered = answers.size() + 60;
      await()
          .until(
              () -> answers.size() >= answered || all.stream().allMatch(CompletableFuture::isDone));
    }
    awaitAll(all);

    List<ReceivedMessage> arrived = new ArrayList<>();
    for (String one : List.of(queue, other)) {
      List<ReceivedMessage> inIt = broker.receive(one, broker.messageCount(one), PATIENCE);
      arrived.addAll(inIt);
      Map<String, String> last = new HashMap<>();
      for (String id : inIt.stream().map(m -> String.valueOf(m.id())).distinct().toList()) {
        if (id.length() > 8) {
          String before = last.put(id.substring(0, 4), id);
          assertThat(before == null ? "" : before).as("order").isLessThan(id);
        }
      }
    }
    assertConfirmedArrived(arrived);
    assertThat(count(Status.CONFIRMED)).isPositive();
    assertStillPublishes(publisher);
  }

  @Test
  void should_not_confirm_when_the_queue_is_deleted_meanwhile_promise_2() throws Exception {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, "connects");
    String doomed = broker.declareUniqueQueue("doomed");
    List<CompletableFuture<Boolean>> all =
        crowd(
            100,
            thread -> {
              boolean last;
              int i = 0;
              do {
                last = late.get() || i == 10_000;
                publishAndNote(
                    publisher,
                    chunk((i % 2 == 0 ? "same" : "t" + thread) + "." + i++, 2, doomed),
                    PATIENCE);
              } while (!last);
            });
    await().until(() -> broker.messageCount(doomed) > 300);
    broker.delete(doomed);
    late.set(true);
    awaitAll(all);

    assertThat(answers)
        .filteredOn(one -> one.begunLate() && one.status() == Status.CONFIRMED)
        .isEmpty();
    assertThat(answers).as("refused").anyMatch(one -> one.status().isRefusal());
    assertStillPublishes(publisher);
  }

  @Test
  void should_answer_all_in_time_when_timeouts_differ_much_promise_6() throws Exception {
    RabbitMqEventPublisher publisher =
        publisher(b -> b.maxChannels(1).connectTimeout(Duration.ofSeconds(1)));
    publish(publisher, "connects");
    proxy.stall(Direction.TO_CLIENT);
    long[] millis = {1, 20, 90, 100, 110, 500, 1_000, 1_100, 3_000, 6_000};
    List<CompletableFuture<Boolean>> all =
        crowd(
            300,
            thread ->
                publishAndNote(
                    publisher,
                    chunk("t" + thread, 1 + thread % 3, queue),
                    Duration.ofMillis(millis[thread % millis.length])));
    awaitAll(all);
    proxy.resume();
    assertConfirmedArrived(broker.receive(queue, broker.messageCount(queue), PATIENCE));
    assertStillPublishes(publisher);
  }

  @Test
  void should_answer_all_when_closed_while_they_wait_promise_6() throws Exception {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, "connects");
    proxy.stall(Direction.TO_CLIENT);
    List<CompletableFuture<Boolean>> all =
        crowd(
            100,
            thread ->
                publishAndNote(publisher, chunk("t" + thread, 1, queue), Duration.ofMinutes(5)));
    awaitWaiting(threads, 100);

    publisher.close();

    awaitAll(all);
    assertThat(count(Status.CONFIRMED)).isZero();
  }

  @Test
  void should_confirm_the_events_of_two_thousand_threads_when_they_publish_at_once()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(9));
    publish(publisher, "connects");
    String[] queues =
        IntStream.range(0, 50)
            .mapToObj(i -> broker.declareUniqueQueue("q" + i))
            .toArray(String[]::new);
    AtomicInteger n = new AtomicInteger();
    awaitAll(
        crowd(
            2_000,
            thread -> {
              publishAndNote(
                  publisher,
                  chunk(
                      "t" + thread,
                      thread % 50 == 0 ? 30 : 1,
                      thread % 2 == 0 ? queue : queues[n.incrementAndGet() % 50]),
                  PATIENCE);
            }));
    assertThat(answers).allMatch(one -> one.status() == Status.CONFIRMED);
  }
}
