package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Outcome.Status;
import dev.eventcollector.Settlement.Decision;
import dev.eventcollector.Settlement.Standing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of an event, with three attempts at most. */
class SettlementTest {

  @ParameterizedTest
  @CsvSource(
      useHeadersInDisplayName = true,
      textBlock =
          """
          OUTCOME,   REFUSED BEFORE, ASIDE, IN BACKLOG, TERMINATED, DECISION
          CONFIRMED, 0,              false, false,      false,      CONFIRMED
          CONFIRMED, 2,              true,  true,       false,      CONFIRMED
          CONFIRMED, 0,              false, false,      true,       CONFIRMED
          UNROUTED,  0,              false, false,      false,      CONFIRMED
          UNROUTED,  1,              true,  true,       true,       CONFIRMED
          RETURNED,  0,              false, false,      false,      SET_ASIDE
          NACKED,    0,              false, false,      false,      SET_ASIDE
          REFUSED,   0,              false, false,      false,      SET_ASIDE
          NACKED,    1,              true,  true,       false,      SET_ASIDE
          RETURNED,  2,              true,  true,       false,      GIVE_UP_AS_REFUSED
          NACKED,    2,              true,  true,       false,      GIVE_UP_AS_REFUSED
          REFUSED,   2,              true,  true,       false,      GIVE_UP_AS_REFUSED
          NACKED,    0,              false, false,      true,       GIVE_UP_AS_REFUSED
          UNANSWERED, 0,             false, false,      false,      SET_ASIDE
          UNANSWERED, 2,             true,  true,       false,      SET_ASIDE
          UNANSWERED, 0,             false, false,      true,       GIVE_UP_AS_REFUSED
          UNKNOWN,   0,              false, false,      false,      KEEP_IN_ORDER
          NOT_SENT,  0,              false, false,      false,      KEEP_IN_ORDER
          UNKNOWN,   0,              false, true,       false,      KEEP_IN_ORDER
          NOT_SENT,  0,              false, true,       true,       KEEP_IN_ORDER
          UNKNOWN,   1,              true,  true,       false,      KEEP_ASIDE
          NOT_SENT,  2,              true,  true,       true,       KEEP_ASIDE
          UNKNOWN,   0,              false, false,      true,       GIVE_UP_AS_TOO_LATE
          NOT_SENT,  0,              false, false,      true,       GIVE_UP_AS_TOO_LATE
          """)
  void should_decide_as_the_table_says_when_an_attempt_has_an_outcome(
      Status outcome,
      int refusedBefore,
      boolean aside,
      boolean inBacklog,
      boolean terminated,
      Decision decision) {
    Standing standing = new Standing(refusedBefore, aside, inBacklog, terminated);

    assertThat(Settlement.decide(standing, outcome, 3)).isEqualTo(decision);
  }
}
