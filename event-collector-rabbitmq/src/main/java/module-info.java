/** Publishes events to RabbitMQ, and consumes with a unit of work for every delivery. */
module dev.eventcollector.rabbitmq {
  requires transitive dev.eventcollector.core;
  requires com.rabbitmq.client;
  requires org.slf4j;
  requires static micrometer.core;
  requires static org.jspecify;

  exports dev.eventcollector.rabbitmq;
}
