package dev.eventcollector.examples.work.queue;

/** The queues of the system. */
public final class Queues {

  /** Works that are demanded. */
  public static final String DEMANDS = "pp_work_queue";

  /** What was found in {@link #DEMANDS} and is no demand; somebody has to look at it. */
  public static final String DEAD = DEMANDS + ".dead";

  /** Works that are done. */
  public static final String DONE = "pp_work_done";

  private Queues() {}
}
