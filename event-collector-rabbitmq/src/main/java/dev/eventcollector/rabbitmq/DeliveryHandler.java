package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollector;

/** Handles each delivery of a {@link RabbitMqWorker}. Called by many threads. */
@FunctionalInterface
public interface DeliveryHandler {

  /**
   * Handles one delivery, which is a unit of work: what is enqueued meanwhile is published when
   * this returns, and dropped when it throws.
   *
   * <p>The worker waits for the confirms of events that it publishes itself. A handler that calls
   * {@code events.publish()} has to look at the report: events that are still owed then do not keep
   * the delivery from being acknowledged. {@code publishOrThrow()} fails the attempt instead.
   *
   * @param delivery the message
   * @param events the worker's collector, bound to this unit of work
   * @throws RejectDeliveryException when trying again makes no sense
   * @throws Exception when the delivery could not be handled and is to come again
   */
  void handle(Delivery delivery, EventCollector events) throws Exception;
}
