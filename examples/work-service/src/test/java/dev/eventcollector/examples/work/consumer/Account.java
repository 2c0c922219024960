package dev.eventcollector.examples.work.consumer;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What has to be in database and queue when everything that was demanded is done. */
final class Account {

  private Account() {}

  static int handled(FreshDatabase database) {
    return Integer.parseInt(database.query("select count(*) from handled_demands").get(0));
  }

  /** The last numbers to add, by the demands' message ids. */
  static void assertThatDatabaseIsRight(FreshDatabase database, Map<String, Integer> demanded) {
    List<String> expected = new ArrayList<>();
    demanded.forEach(
        (id, last) ->
            expected.add(
                String.format(
                    Locale.ROOT, "%s %d t %d", id, last, IntStream.rangeClosed(1, last).sum())));
    assertThat(
            database.query(
                """
                select message_id, add_up_to, done, result
                from handled_demands full join works using (work_code)
                """))
        .as("demands and their works, and no others")
        .containsExactlyInAnyOrderElementsOf(expected);
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

  static void assertThatAnnouncementsAreRight(
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
