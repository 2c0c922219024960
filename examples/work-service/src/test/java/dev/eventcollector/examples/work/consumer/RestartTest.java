package dev.eventcollector.examples.work.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.work.Surroundings;
import dev.eventcollector.examples.work.producer.TaskProducer;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.queue.SystemQueues;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import dev.eventcollector.testkit.broker.WithBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Producer and consumer as processes of their own, for {@code -Dwork.restart.seconds} (12), on the
 * broker and the database that are set, or else on embedded ones in this process.
 */
@WithBroker
@Timeout(900)
class RestartTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int SECONDS = Integer.getInteger("work.restart.seconds", 12);
  private static final int DEMANDS_PER_SECOND = 20;
  private static final int LAST = 20;

  @TempDir Path directory;

  private final List<AppProcess> producers = new ArrayList<>();
  private final List<AppProcess> consumers = new ArrayList<>();

  @Test
  void should_account_for_each_demand_when_consumer_is_ended_and_killed_and_producer_ended(
      Broker broker) throws Exception {
    SystemQueues.deleteAtEnd(broker);
    try (FreshDatabase database = FreshDatabase.create()) {
      Surroundings surroundings = new Surroundings(directory, broker.uri(), database.url());
      startConsumer(surroundings);
      startProducer(surroundings);

      awaitPart(1);
      assertThat(newest(consumers).end()).as(newest(consumers).output()).isZero();
      startConsumer(surroundings);

      awaitPart(2);
      newest(consumers).kill();
      startConsumer(surroundings);

      awaitPart(3);
      assertThat(newest(producers).end()).as(newest(producers).output()).isZero();
      startProducer(surroundings);

      awaitPart(4);
      newest(consumers).kill();
      startConsumer(surroundings);

      awaitPart(5);
      assertThat(newest(producers).end()).as(newest(producers).output()).isZero();
      Map<String, Integer> demanded = new TreeMap<>();
      demanded().forEach(id -> demanded.put(id, LAST));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  Account.handled(database) >= demanded.size()
                      && Account.announcementsOwed(database) == 0
                      && broker.messageCount(Queues.DEMANDS) == 0);
      assertThat(newest(consumers).end()).as(newest(consumers).output()).isZero();

      assertThat(broker.messageCount(Queues.DEMANDS)).isZero();
      assertThat(broker.messageCount(Queues.DEAD)).isZero();
      Account.assertThatDatabaseIsRight(database, demanded);
      List<ReceivedMessage> announcements = broker.received(Queues.DONE);
      Account.assertThatAnnouncementsAreRight(announcements, database, demanded);
      System.out.printf(
          Locale.ROOT,
          "accounts: %d s, %d demands, %d announcements%n",
          SECONDS,
          demanded.size(),
          announcements.size());
    } finally {
      producers.forEach(AppProcess::close);
      consumers.forEach(AppProcess::close);
    }
  }

  private void startProducer(Surroundings surroundings) throws Exception {
    producers.add(
        surroundings.start(
            TaskProducer.class,
            "--interval=" + 1_000 / DEMANDS_PER_SECOND + "ms",
            "--add-up-to=" + LAST));
  }

  private void startConsumer(Surroundings surroundings) throws Exception {
    consumers.add(surroundings.start(TaskConsumer.class, "--step=5ms", "--outbox-lease=2s"));
  }

  private static AppProcess newest(List<AppProcess> processes) {
    return processes.get(processes.size() - 1);
  }

  private List<String> demanded() {
    return producers.stream()
        .flatMap(producer -> producer.findAll("(\\S+): demanding to add up to").stream())
        .toList();
  }

  /** A fifth of the time each, told by the demands, and then until a consumer is at work. */
  private void awaitPart(int part) {
    await()
        .atMost(PATIENCE.plusSeconds(SECONDS))
        .until(() -> demanded().size() >= part * SECONDS * DEMANDS_PER_SECOND / 5);
    newest(consumers).await(": adding up to");
  }
}
