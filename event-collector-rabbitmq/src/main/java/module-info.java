/** Publishes events to RabbitMQ, and consumes with a unit of work for every delivery. */
module dev.eventcollector.rabbitmq {
  requires transitive dev.eventcollector.core;
  requires com.rabbitmq.client;
  requires org.slf4j;
  requires static io.opentelemetry.api;
  requires static io.opentelemetry.context;
  requires static micrometer.core;
  requires static micrometer.observation;
  requires static org.jspecify;

  // For dev.eventcollector.rabbitmq.spring, which works on the class path only.
  requires static com.fasterxml.jackson.annotation;
  requires static spring.aop;
  requires static spring.beans;
  requires static spring.boot;
  requires static spring.boot.actuator;
  requires static spring.boot.actuator.autoconfigure;
  requires static spring.boot.autoconfigure;
  requires static spring.boot.health;
  requires static spring.context;
  requires static spring.core;
  requires static spring.rabbit;

  exports dev.eventcollector.rabbitmq;
  exports dev.eventcollector.rabbitmq.spring;
  exports dev.eventcollector.rabbitmq.micrometer;
  exports dev.eventcollector.rabbitmq.opentelemetry;
}
