package dev.eventcollector.examples.support.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeldomTest {

  @Test
  void should_let_one_line_through_when_there_are_many_at_once() {
    List<Long> lines = new ArrayList<>();
    Seldom seldom = new Seldom();

    for (int i = 0; i < 1_000; i++) {
      seldom.log(lines::add);
    }

    assertThat(lines).hasSizeLessThan(10).startsWith(0L); // the machine may be busy
  }
}
