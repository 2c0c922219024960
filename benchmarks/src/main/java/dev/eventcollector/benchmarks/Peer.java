package dev.eventcollector.benchmarks;

/** The peers, in the order of the tables. The others are compared with the first. */
enum Peer {
  HAND_WRITTEN("hand-written amqp-client"),
  EVENT_COLLECTOR("event-collector"),
  SPRING_SIMPLE("Spring AMQP, simple confirms *"),
  SPRING_CORRELATED("Spring AMQP, correlated confirms"),
  REACTOR("Reactor RabbitMQ");

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  Contestant start(BrokerAccess broker, int threads) throws Exception {
    return switch (this) {
      case HAND_WRITTEN -> new HandWritten(broker);
      case EVENT_COLLECTOR -> new EventCollectorContestant(broker);
      case SPRING_SIMPLE -> new SpringSimple(broker, threads);
      case SPRING_CORRELATED -> new SpringCorrelated(broker, threads);
      case REACTOR -> new ReactorRabbitMq(broker, threads);
    };
  }
}
