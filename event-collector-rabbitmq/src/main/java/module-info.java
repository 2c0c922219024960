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

  exports dev.eventcollector.rabbitmq;
  exports dev.eventcollector.rabbitmq.micrometer;
  exports dev.eventcollector.rabbitmq.opentelemetry;
}
