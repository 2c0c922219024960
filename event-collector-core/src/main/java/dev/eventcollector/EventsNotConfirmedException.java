package dev.eventcollector;

/** Thrown by {@code publishOrThrow()} when the broker did not confirm every event. */
public class EventsNotConfirmedException extends EventCollectorException {

  private static final long serialVersionUID = 1L;

  private final transient PublishReport report;

  /** For the given report. */
  public EventsNotConfirmedException(PublishReport report) {
    super("not all events were confirmed: " + report);
    this.report = report;
  }

  /** What became of each event. Those that are owed will be tried again unless withdrawn. */
  public PublishReport report() {
    return report;
  }
}
