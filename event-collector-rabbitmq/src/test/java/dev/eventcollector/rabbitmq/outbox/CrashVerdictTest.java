package dev.eventcollector.rabbitmq.outbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A judge that finds nothing proves nothing: each kind of fault is shown to it. */
class CrashVerdictTest {

  /** Thread 1 has placed orders 7 and 8, of two events and one. */
  private static CrashVerdict twoOrders(String... log) {
    CrashVerdict verdict = new CrashVerdict(List.of(log));
    verdict.committed(1, 7, 2);
    verdict.committed(1, 8, 1);
    return verdict;
  }

  private static void arrive(CrashVerdict verdict, String... bodies) {
    for (String body : bodies) {
      verdict.arrived("orders", body, "id of " + body);
    }
  }

  @Test
  void should_find_nothing_when_all_is_well_and_duplicates_have_the_same_id() {
    CrashVerdict verdict = twoOrders();
    arrive(verdict, "1:7:0", "1:7:1", "1:8:0", "1:7:0", "1:7:1");
    assertThatCode(verdict::judge).doesNotThrowAnyException();
  }

  @Test
  void should_find_an_event_that_was_lost() {
    CrashVerdict verdict = twoOrders();
    arrive(verdict, "1:7:0", "1:8:0");
    assertThatThrownBy(verdict::judge).hasMessageContaining("committed, and lost");
  }

  @Test
  void should_find_an_event_whose_order_was_rolled_back() {
    CrashVerdict verdict = twoOrders();
    arrive(verdict, "1:7:0", "1:7:1", "1:8:0", "1:9:0");
    assertThatThrownBy(verdict::judge).hasMessageContaining("rolled back, and arrived");
  }

  @Test
  void should_find_a_duplicate_under_another_id_and_an_id_of_two_events() {
    CrashVerdict duplicate = twoOrders();
    arrive(duplicate, "1:7:0", "1:7:1", "1:8:0");
    duplicate.arrived("mails", "1:7:0", "another");
    assertThatThrownBy(duplicate::judge).hasMessageContaining("duplicates under the same id");

    CrashVerdict shared = twoOrders();
    arrive(shared, "1:7:0", "1:7:1");
    shared.arrived("orders", "1:8:0", "id of 1:7:0");
    assertThatThrownBy(shared::judge).hasMessageContaining("an id for each event");
  }

  @Test
  void should_find_events_out_of_order_between_orders_and_within_one() {
    CrashVerdict between = twoOrders();
    arrive(between, "1:8:0", "1:7:0", "1:7:1");
    assertThatThrownBy(between::judge).hasMessageContaining("700 after 800 of thread 1 in orders");

    CrashVerdict within = twoOrders();
    arrive(within, "1:7:1", "1:7:0", "1:8:0");
    assertThatThrownBy(within::judge).hasMessageContaining("700 after 701 of thread 1 in orders");
  }

  @Test
  void should_excuse_only_events_that_the_log_names() {
    CrashVerdict excused = twoOrders("in doubt 1:7 java.sql.SQLException", "aside 1:8:0");
    arrive(excused, "1:8:0", "1:7:1", "1:7:0");
    assertThatCode(excused::judge).doesNotThrowAnyException();

    CrashVerdict another = twoOrders("in doubt 1:8 java.sql.SQLException");
    arrive(another, "1:7:1", "1:7:0", "1:8:0");
    assertThatThrownBy(another::judge).hasMessageContaining("700 after 701");
  }
}
