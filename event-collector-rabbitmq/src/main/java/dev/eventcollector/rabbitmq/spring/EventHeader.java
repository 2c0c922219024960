package dev.eventcollector.rabbitmq.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter of an {@link EventWorker} method that gets a header of the delivery, converted to the
 * parameter's type; null when there is no such header.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface EventHeader {

  /** The header's name. */
  String value();
}
