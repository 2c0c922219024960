package dev.eventcollector.examples.work.queue;

/** The queues of the system. */
public final class Queues {

  /** Works that are demanded. */
  public static final String DEMANDS = "pp_work_queue";

  /** Messages of {@link #DEMANDS} that are no demands; an operator has to look at them. */
  public static final String DEAD = DEMANDS + ".dead";

  /** Works that are done. */
  public static final String DONE = "pp_work_done";

  private Queues() {}
}
