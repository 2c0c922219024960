package dev.eventcollector.examples.work.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.work.Surroundings;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.queue.SystemQueues;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import dev.eventcollector.testkit.broker.WithBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills one of two consumers again and again (SIGKILL, at moments that the seed decides) while
 * demands go through, some of them sent twice, and then counts everything.
 */
@WithBroker
@Timeout(900)
class KilledConsumerTest {

  private static final String CONSUMES = "consuming " + Queues.DEMANDS;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int LARGEST_ADD_UP_TO = 20;
  private static final long LONGEST_LIFE_WITH_DEMANDS_MILLIS = 120;

  /** One demand in so many is sent twice, as a producer does that has not heard of the first. */
  private static final int SENT_TWICE = 8;

  @TempDir Path directory;

  private final List<AppProcess> all = new ArrayList<>();

  @Test
  void should_do_each_demand_once_in_effect_when_consumer_is_killed_8_times(Broker broker)
      throws Exception {
    demandAndKill(broker, 8, 80);
  }

  @Test
  @Tag("kills")
  void should_do_each_demand_once_in_effect_when_consumer_is_killed_50_times(Broker broker)
      throws Exception {
    demandAndKill(broker, 50, 500);
  }

  private void demandAndKill(Broker broker, int kills, int demands) throws Exception {
    long seed = Long.getLong("work.kill.seed", 20261121L);
    Random random = new Random(seed);
    broker.declareQueue(Queues.DEMANDS);
    SystemQueues.deleteAtEnd(broker);
    try (FreshDatabase database = FreshDatabase.create()) {
      database.open(2).close(); // so that no consumer's short life goes into making tables
      Map<String, Integer> demanded = new TreeMap<>();
      AppProcess[] alive = {start(broker, database), start(broker, database)};
      for (int kill = 0; kill < kills; kill++) {
        AppProcess victim = alive[kill % 2];
        victim.await(CONSUMES);
        demand(broker, demanded, demands / kills, random);
        letLive(random.nextLong(TimeUnit.MILLISECONDS.toNanos(LONGEST_LIFE_WITH_DEMANDS_MILLIS)));
        victim.kill();
        alive[kill % 2] = start(broker, database);
      }
      alive[0].await(CONSUMES);
      alive[1].await(CONSUMES);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  Account.handled(database) >= demands
                      && Account.announcementsOwed(database) == 0
                      && broker.messageCount(Queues.DEMANDS) == 0);

      assertThat(alive[0].end()).as(alive[0].output()).isZero();
      await().atMost(PATIENCE).until(() -> broker.messageCount(Queues.DEMANDS) == 0);
      assertThat(alive[1].end()).as(alive[1].output()).isZero();
      assertThat(broker.messageCount(Queues.DEMANDS)).isZero();
      assertThat(broker.messageCount(Queues.DEAD)).isZero();
      Account.assertThatDatabaseIsRight(database, demanded);
      List<ReceivedMessage> announcements = broker.received(Queues.DONE);
      Account.assertThatAnnouncementsAreRight(announcements, database, demanded);
      System.out.printf(
          Locale.ROOT,
          "seed %d: %d kills, %d demands, %d of them sent twice; %d were done before;"
              + " %d announcements, %d of dead consumers%n",
          seed,
          kills,
          demands,
          demands / SENT_TWICE,
          inAllLogs("was done before"),
          announcements.size(),
          inAllLogs("Takes over what owner"));
    } finally {
      all.forEach(AppProcess::close);
    }
  }

  private AppProcess start(Broker broker, FreshDatabase database) throws Exception {
    AppProcess process =
        new Surroundings(directory, broker.uri(), database.url())
            .start(TaskConsumer.class, "--step=3ms", "--outbox-lease=2s", "--scheduler=off");
    all.add(process);
    return process;
  }

  private static void demand(
      Broker broker, Map<String, Integer> demanded, int count, Random random) {
    for (int i = 0; i < count; i++) {
      String id = String.format(Locale.ROOT, "demand-%04d", demanded.size());
      int addUpTo = 1 + random.nextInt(LARGEST_ADD_UP_TO);
      demanded.put(id, addUpTo);
      byte[] body =
          String.format(Locale.ROOT, "{\"add_up_to\":%d,\"done\":false}", addUpTo)
              .getBytes(StandardCharsets.UTF_8);
      Event demand = new Event(id, Queues.DEMANDS, body, "application/json", Map.of());
      broker.send(demand);
      if (demanded.size() % SENT_TWICE == 0) {
        broker.send(demand);
      }
    }
  }

  private int inAllLogs(String text) {
    return all.stream().mapToInt(one -> one.lines(text).size()).sum();
  }

  private static void letLive(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
