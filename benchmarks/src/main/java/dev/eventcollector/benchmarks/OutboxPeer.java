package dev.eventcollector.benchmarks;

/** The contestants that store events with an order. The others are compared with the first. */
enum OutboxPeer {
  HAND_WRITTEN("hand-written, waits for the broker"),
  EVENT_COLLECTOR("event-collector, returns after the commit"),
  EVENT_COLLECTOR_WAITS("event-collector, waits for the broker"),
  TRANSACTION_OUTBOX("transaction-outbox, a task per event"),
  TRANSACTION_OUTBOX_UNIT("transaction-outbox, a task per unit"),
  NAMASTACK("namastack-outbox"),
  MODULITH("Spring Modulith, JDBC registry");

  private final String title;

  OutboxPeer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  OutboxContestant start(OutboxPlace place) throws Exception {
    return switch (this) {
      case HAND_WRITTEN -> new OutboxHandWritten(place);
      case EVENT_COLLECTOR -> new OutboxOurs(place, false);
      case EVENT_COLLECTOR_WAITS -> new OutboxOurs(place, true);
      case TRANSACTION_OUTBOX -> new OutboxGruelbox(place, false);
      case TRANSACTION_OUTBOX_UNIT -> new OutboxGruelbox(place, true);
      case NAMASTACK -> new OutboxNamastack(place);
      case MODULITH -> new OutboxModulith(place);
    };
  }
}
