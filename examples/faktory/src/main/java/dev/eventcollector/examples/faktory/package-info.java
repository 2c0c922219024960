/**
 * Faktory. Start with {@link dev.eventcollector.examples.faktory.FaktoryEventPublisher}; {@link
 * dev.eventcollector.examples.faktory.FaktoryWorker} is for the other end of a queue.
 *
 * <p>Handlers are the {@link dev.eventcollector.rabbitmq.DeliveryHandler}s of RabbitMQ's worker,
 * and reject deliveries by the same exception. A handler is written against what every queue gives
 * it: an id, a body, headers as text, the number of the attempt, a collector bound to its unit of
 * work. So one handler serves both, and an application chooses its broker by an address. The
 * differences are the worker's:
 *
 * <ul>
 *   <li>Faktory retries by its own delays, and so does not ask the worker for any.
 *   <li>A rejected job is failed and then moved from the retries to the dead set, in two commands.
 *       When the second one is lost the job comes again, and is rejected again.
 *   <li>A job cannot be given back. Where RabbitMQ's worker does that, this one holds the job, and
 *       fails it when its reservation is nearly over, which costs one retry.
 *   <li>Header values are text. {@link dev.eventcollector.rabbitmq.Delivery#header} is the same for
 *       both.
 * </ul>
 *
 * <p>Those three types need no client of RabbitMQ, so this module does not bring one along.
 */
@NullMarked
package dev.eventcollector.examples.faktory;

import org.jspecify.annotations.NullMarked;
