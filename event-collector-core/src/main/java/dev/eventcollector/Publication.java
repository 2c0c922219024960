package dev.eventcollector;

/**
 * A chunk that is being published: it counts as owed until its events are in the backlog, or gone.
 * The publishing thread closes it.
 */
final class Publication implements AutoCloseable {

  private final Ledger ledger;
  private final OwedEvents owed;
  private int underWay;

  Publication(int events, Ledger ledger, OwedEvents owed) {
    this.ledger = ledger;
    this.owed = owed;
    this.underWay = events;
    ledger.underWay(events);
  }

  /** Its events are in the backlog, or gone. */
  void settled() {
    ledger.noLongerUnderWay(underWay);
    underWay = 0;
  }

  @Override
  public void close() {
    settled();
    owed.endOfPublication();
  }
}
