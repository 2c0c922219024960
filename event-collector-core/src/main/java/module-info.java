/** Collects the events of a unit of work and publishes them together after it has succeeded. */
module dev.eventcollector.core {
  requires org.slf4j;
  requires static context.propagation;
  requires static java.sql;
  requires static micrometer.core;
  requires static org.jspecify;

  exports dev.eventcollector;
  exports dev.eventcollector.micrometer;
  exports dev.eventcollector.outbox;
}
