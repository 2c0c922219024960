package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RangeSetTest {

  private final RangeSet set = new RangeSet();

  @Test
  void should_be_one_range_when_neighbours_are_added_in_any_order() {
    set.add(new Range(1, 3, 4));
    set.add(new Range(1, 1, 2));
    set.add(new Range(1, 7, 9));
    set.add(new Range(1, 5, 6));
    assertThat(set.first()).isEqualTo(new Range(1, 1, 9));
    assertThat(set.size()).isEqualTo(9);
  }

  @Test
  void should_give_the_owner_first_that_came_first() {
    set.add(new Range(2, 5, 5));
    set.add(new Range(1, 1, 1));
    assertThat(set.first(10)).containsExactly(new Range(2, 5, 5), new Range(1, 1, 1));
  }

  @Test
  void should_refuse_a_number_that_is_there() {
    set.add(new Range(1, 1, 5));
    assertThatIllegalStateException().isThrownBy(() -> set.add(new Range(1, 5, 6)));
  }

  @Test
  void should_have_the_numbers_that_a_plain_set_has() {
    Random random = new Random(42);
    TreeSet<Long> plain = new TreeSet<>();
    for (int i = 0; i < 20_000; i++) {
      long n = random.nextInt(200);
      switch (random.nextInt(3)) {
        case 0 -> {
          if (plain.add(n)) {
            set.add(new Range(1, n, n));
          }
        }
        case 1 -> assertThat(set.remove(1, n)).isEqualTo(plain.remove(n));
        default -> {
          Range range = new Range(1, n, n + random.nextInt(9));
          long removed = set.removeAll(range);
          var there = plain.subSet(range.first(), true, range.last(), true);
          assertThat(removed).isEqualTo(there.size());
          there.clear();
        }
      }
      assertThat(set.size()).isEqualTo(plain.size());
      assertThat(set.sizeOf(1)).isEqualTo(plain.size());
      assertThat(set.contains(1, n)).isEqualTo(plain.contains(n));
      assertThat(set.first(1))
          .extracting(Range::first)
          .isEqualTo(plain.isEmpty() ? List.of() : List.of(plain.first()));
    }
  }
}
