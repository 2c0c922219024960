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

  /** The fate of each event. Owed events will be retried unless withdrawn. */
  public PublishReport report() {
    return report;
  }
}
