/** Collects the events of a unit of work and publishes them together after it has succeeded. */
@SuppressWarnings("module") // rabbitmq is compiled later
module dev.eventcollector.core {
  requires org.slf4j;
  requires static context.propagation;
  requires static java.sql;
  requires static micrometer.core;
  requires static org.jspecify;

  // For dev.eventcollector.spring, which works on the class path only.
  requires static com.fasterxml.jackson.annotation;
  requires static spring.beans;
  requires static spring.boot;
  requires static spring.boot.actuator;
  requires static spring.boot.actuator.autoconfigure;
  requires static spring.boot.autoconfigure;
  requires static spring.boot.health;
  requires static spring.boot.sql;
  requires static spring.context;
  requires static spring.core;
  requires static spring.jdbc;
  requires static spring.tx;

  exports dev.eventcollector;
  exports dev.eventcollector.micrometer;
  exports dev.eventcollector.outbox;
  exports dev.eventcollector.spring;
  exports dev.eventcollector.internal to
      dev.eventcollector.rabbitmq;
}
