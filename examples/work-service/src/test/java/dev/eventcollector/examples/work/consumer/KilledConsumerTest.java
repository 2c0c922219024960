package dev.eventcollector.examples.work.consumer;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import dev.eventcollector.testkit.broker.WithBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
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

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LARGEST_ADD_UP_TO = 20;
  private static final long LONGEST_LIFE_WITH_DEMANDS_MILLIS = 120;

  /** One demand in so many is sent twice, as a producer does that has not heard of the first. */
  private static final int SENT_TWICE = 8;

  @TempDir Path directory;

  private final List<ConsumerProcess> all = new ArrayList<>();

  @Test
  void should_do_each_demand_once_in_effect_when_consumer_is_killed_8_times(Broker broker)
      throws Exception {
    demandAndKill(broker, 8, 80);
  }

  @Test
  @Tag("kill")
  void should_do_each_demand_once_in_effect_when_consumer_is_killed_50_times(Broker broker)
      throws Exception {
    demandAndKill(broker, 50, 500);
  }

  private void demandAndKill(Broker broker, int kills, int demands) throws Exception {
    long seed = Long.getLong("work.kill.seed", 20261121L);
    Random random = new Random(seed);
    broker.declareQueue(Queues.DEMANDS);
    broker.deleteAtEnd(Queues.DONE, Queues.DEAD);
    try (FreshDatabase database = FreshDatabase.create()) {
      database.open(2).close(); // so that no consumer's short life goes into making tables
      Map<String, Integer> demanded = new TreeMap<>();
      ConsumerProcess[] alive = {start(broker, database), start(broker, database)};
      for (int kill = 0; kill < kills; kill++) {
        ConsumerProcess victim = alive[kill % 2];
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(victim.log()).contains(ConsumerProcess.CONSUMES));
        demand(broker, demanded, demands / kills, random);
        letLive(random.nextLong(TimeUnit.MILLISECONDS.toNanos(LONGEST_LIFE_WITH_DEMANDS_MILLIS)));
        victim.kill();
        alive[kill % 2] = start(broker, database);
      }
      await().atMost(PATIENCE).until(() -> alive[0].consumes() && alive[1].consumes());
      await()
          .atMost(PATIENCE)
          .until(() -> handled(database) >= demands && broker.messageCount(Queues.DEMANDS) == 0);

      assertThat(alive[0].end()).as(alive[0].log()).isZero();
      await().atMost(PATIENCE).until(() -> broker.messageCount(Queues.DEMANDS) == 0);
      assertThat(alive[1].end()).as(alive[1].log()).isZero();
      assertThat(broker.messageCount(Queues.DEMANDS)).isZero();
      assertThat(broker.messageCount(Queues.DEAD)).isZero();
      assertThatDatabaseIsRight(database, demanded);
      List<ReceivedMessage> announcements = broker.received(Queues.DONE);
      assertThatAnnouncementsAreRight(announcements, database);
      assertThat(announcements)
          .as("every copy of a demand was taken, and acknowledged after an announcement")
          .hasSizeGreaterThanOrEqualTo(demands + demands / SENT_TWICE);
      System.out.printf(
          "seed %d: %d kills, %d demands, %d of them sent twice; %d came again when they were done,"
              + " %d while they were; %d announcements%n",
          seed,
          kills,
          demands,
          demands / SENT_TWICE,
          inAllLogs("was done before"),
          inAllLogs("was done meanwhile"),
          announcements.size());
    } finally {
      all.forEach(ConsumerProcess::close);
    }
  }

  private ConsumerProcess start(Broker broker, FreshDatabase database) throws Exception {
    ConsumerProcess process = ConsumerProcess.start(broker.uri(), database.url(), directory);
    all.add(process);
    return process;
  }

  private static void demand(
      Broker broker, Map<String, Integer> demanded, int count, Random random) {
    for (int i = 0; i < count; i++) {
      String id = "demand-%04d".formatted(demanded.size());
      int addUpTo = 1 + random.nextInt(LARGEST_ADD_UP_TO);
      demanded.put(id, addUpTo);
      byte[] body =
          "{\"add_up_to\":%d,\"done\":false}".formatted(addUpTo).getBytes(StandardCharsets.UTF_8);
      Event demand = new Event(id, Queues.DEMANDS, body, "application/json", Map.of());
      broker.send(demand);
      if (demanded.size() % SENT_TWICE == 0) {
        broker.send(demand);
      }
    }
  }

  private int inAllLogs(String text) {
    return all.stream().mapToInt(one -> one.count(text)).sum();
  }

  private static void letLive(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static int handled(FreshDatabase database) {
    return Integer.parseInt(database.query("select count(*) from handled_demands").get(0));
  }

  private static void assertThatDatabaseIsRight(
      FreshDatabase database, Map<String, Integer> demanded) {
    List<String> expected = new ArrayList<>();
    demanded.forEach(
        (id, last) ->
            expected.add("%s %d t %d".formatted(id, last, IntStream.rangeClosed(1, last).sum())));
    assertThat(
            database.query(
                """
                select message_id, add_up_to, done, result
                from handled_demands full join works using (work_code) order by message_id
                """))
        .as("demands and their works, and no others")
        .isEqualTo(expected);
    assertThat(
            database.query(
                """
                select work_code from works left join events using (work_code)
                group by work_code, result
                having count(*) <> 3
                  or count(*) filter (where variable = 'compute/start' and value = '') <> 1
                  or count(*) filter (where variable = 'compute/stop' and value = '') <> 1
                  or count(*) filter (where variable = 'compute/result' and value = result::text) <> 1
                """))
        .as("works without exactly one start, stop and result")
        .isEmpty();
  }

  private static void assertThatAnnouncementsAreRight(
      List<ReceivedMessage> announcements, FreshDatabase database) {
    Map<String, Set<String>> byId =
        announcements.stream()
            .collect(
                groupingBy(
                    message -> String.valueOf(message.id()),
                    TreeMap::new,
                    mapping(ReceivedMessage::bodyAsText, toSet())));
    Map<String, Set<String>> expected = new TreeMap<>();
    for (String row :
        database.query(
            """
            select message_id, format(
              '{"id":%s,"work_code":"%s","add_up_to":%s,"done":true,"result":%s,'
              '"created_on":%s,"updated_on":%s}',
              id, work_code, add_up_to, result,
              floor(extract(epoch from created_on)), floor(extract(epoch from updated_on)))
            from works join handled_demands using (work_code)
            """)) {
      String[] columns = row.split(" ");
      expected.put(Announcements.idFor(columns[0]), Set.of(columns[1]));
    }
    assertThat(byId)
        .as("what was announced, by message id: duplicates are the same to the letter")
        .isEqualTo(expected);
  }
}
