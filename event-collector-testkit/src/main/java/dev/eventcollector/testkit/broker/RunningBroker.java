package dev.eventcollector.testkit.broker;

/** A broker that tests share. */
interface RunningBroker extends AutoCloseable {

  /** A hold on it for one test, or one class. */
  Broker newBroker();

  /** Its product and version, and where it is. */
  @Override
  String toString();

  @Override
  void close();
}
