package dev.eventcollector.benchmarks;

/** The consumers, in the order of the tables. The others are compared with the first. */
enum WorkerPeer {
  HAND_WRITTEN("hand-written, pipelined", 1),
  EVENT_COLLECTOR("event-collector", 1),
  ONE_BY_ONE("event-collector, prefetch 1", 8),
  SPRING("Spring's container, waits for its confirm", 8),
  SPRING_BATCH("Spring's batch listener", 2);

  private final String title;
  private final int slower;

  WorkerPeer(String title, int slower) {
    this.title = title;
    this.slower = slower;
  }

  /** Fewer where one is finished after the other, so that each has about the same time. */
  int share(WorkerScenario scenario) {
    return scenario.handlerMillis() > 0
        ? scenario.deliveries()
        : Math.max(1, scenario.deliveries() / slower);
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
