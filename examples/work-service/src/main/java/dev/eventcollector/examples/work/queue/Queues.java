package dev.eventcollector.examples.work.queue;

import java.time.Duration;
import java.util.List;

/** The queues of the system. */
public final class Queues {

  /** Works that are demanded. */
  public static final String DEMANDS = "pp_work_queue";

  /** Messages of {@link #DEMANDS} that are no demands; an operator has to look at them. */
  public static final String DEAD = DEMANDS + ".dead";

  /** Works that are done. */
  public static final String DONE = "pp_work_done";

  private static final List<Duration> RETRY_DELAYS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10));

  private Queues() {}

  /** Before the second attempt to do a demand, the third and so on. */
  public static List<Duration> retryDelays() {
    return RETRY_DELAYS;
  }

  /** Where demands wait for so long, as the worker names it. */
  static String retryOf(Duration delay) {
    return DEMANDS + ".retry." + delay.toSeconds() + "s";
  }
}
