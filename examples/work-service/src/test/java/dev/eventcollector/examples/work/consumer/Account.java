package dev.eventcollector.examples.work.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The rows and messages that must exist once every demand is done. */
final class Account {

  private Account() {}

  /** Demands that are done. */
  static int handled(FreshDatabase database) {
    return count(database, "event_inbox");
  }

  /** Announcements that the broker has not confirmed yet, the ones of dead processes included. */
  static int announcementsOwed(FreshDatabase database) {
    return count(database, "event_outbox");
  }

  private static int count(FreshDatabase database, String table) {
    return Integer.parseInt(database.query("select count(*) from " + table).get(0));
  }

  /**
   * Each demand has led to one work that is done, with its events, and no other work is there.
   *
   * @param demanded the last numbers to add, by the demands' message ids
   */
  static void assertThatDatabaseIsRight(FreshDatabase database, Map<String, Integer> demanded) {
    assertThat(database.query("select convert_from(id, 'UTF8') from event_inbox"))
        .as("demands that are done")
        .containsExactlyInAnyOrderElementsOf(demanded.keySet());
    assertThat(database.query("select add_up_to, done, result from works"))
        .as("works")
        .containsExactlyInAnyOrderElementsOf(
            demanded.values().stream()
                .map(last -> last + " t " + IntStream.rangeClosed(1, last).sum())
                .toList());
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

  /** Each demand has led to one announcement of its work; copies have the same id and body. */
  static void assertThatAnnouncementsAreRight(
      List<ReceivedMessage> announcements, FreshDatabase database, Map<String, Integer> demanded) {
    Map<String, Set<String>> idsByDemand = new TreeMap<>();
    Map<String, Set<String>> bodiesById = new TreeMap<>();
    for (ReceivedMessage announcement : announcements) {
      String id = String.valueOf(announcement.id());
      String demand = String.valueOf(announcement.headers().get(Announcements.DEMAND));
      idsByDemand.computeIfAbsent(demand, key -> new TreeSet<>()).add(id);
      bodiesById.computeIfAbsent(id, key -> new TreeSet<>()).add(announcement.bodyAsText());
      assertThat(announcement.bodyAsText())
          .contains("\"add_up_to\":" + demanded.get(demand) + ",\"done\":true,");
    }
    assertThat(idsByDemand.keySet()).as("demands announced").isEqualTo(demanded.keySet());
    assertThat(idsByDemand.values())
        .as("announcements of a demand")
        .allMatch(ids -> ids.size() == 1);
    assertThat(bodiesById.values()).as("bodies under an id").allMatch(bodies -> bodies.size() == 1);
    assertThat(bodiesById.values().stream().flatMap(Set::stream))
        .as("works announced")
        .containsExactlyInAnyOrderElementsOf(
            database.query(
                """
                select format(
                  '{"id":%s,"work_code":"%s","add_up_to":%s,"done":true,"result":%s,'
                  '"created_on":%s,"updated_on":%s}',
                  id, work_code, add_up_to, result,
                  floor(extract(epoch from created_on)), floor(extract(epoch from updated_on)))
                from works
                """));
  }
}
