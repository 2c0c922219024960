package dev.eventcollector.benchmarks;

/** Who consumes, in the order of the tables. The first is what the others are compared with. */
enum WorkerPeer {
  HAND_WRITTEN("hand-written, pipelined"),
  EVENT_COLLECTOR("event-collector"),
  ONE_BY_ONE("event-collector, prefetch 1"),
  SPRING("Spring's container, waits for its confirm"),
  SPRING_BATCH("Spring's batch listener");

  private final String title;

  WorkerPeer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Begins to consume; what it returns ends that. */
  AutoCloseable start(BrokerAccess broker, WorkerRound round) throws Exception {
    return switch (this) {
      case HAND_WRITTEN -> HandWrittenWorker.start(broker, round);
      case EVENT_COLLECTOR -> EventCollectorWorker.start(broker, round, 0);
      case ONE_BY_ONE -> EventCollectorWorker.start(broker, round, 1);
      case SPRING -> SpringWorker.start(broker, round);
      case SPRING_BATCH -> SpringWorker.startBatches(broker, round);
    };
  }
}
