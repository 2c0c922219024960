package dev.eventcollector.rabbitmq.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a method of a Spring bean the handler of a queue: a {@link
 * dev.eventcollector.rabbitmq.RabbitMqWorker} calls it for each delivery, which is a unit of work.
 * When it throws, the delivery is retried after growing delays and ends in the dead-letter queue.
 *
 * <pre>{@code
 * @EventWorker(queue = "orders")
 * void ship(OrderPlaced order) {
 *   events.enqueueEvent(new Shipment(order.id()), "shipments");
 * }
 * }</pre>
 *
 * <p>Parameters, in any order: the payload (a {@code String}, a {@code byte[]}, or any other type,
 * which is read from JSON by the application's Jackson mapper); a {@link
 * dev.eventcollector.rabbitmq.Delivery}; the {@link dev.eventcollector.EventCollector}; and headers
 * as {@link EventHeader} parameters. The method returns {@code void}. A payload that cannot be read
 * goes to the dead-letter queue at once.
 *
 * <p>Annotations of the application's own can be annotated with it, too.
 *
 * <p>All attributes take placeholders such as {@code ${shop.queue}}. Those that are empty have the
 * value of the property {@code event-collector.worker.*} of the same name.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Reflective // so that a native image can call it
public @interface EventWorker {

  /** The queue to consume. */
  String queue();

  /** How many deliveries are handled at the same time, as a number. */
  String concurrency() default "";

  /** The delays before the second attempt, the third and so on, as {@code 1s,5s,30s}. */
  String retryDelays() default "";

  /** The queue for deliveries that are given up. By default the queue's name and {@code .dead}. */
  String deadQueue() default "";

  /** How long the method may take before it is interrupted and has failed, as {@code 30s}. */
  String attemptTimeout() default "";
}
