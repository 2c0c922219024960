package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import dev.eventcollector.spring.JsonCodec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;

/** Calls a method for each delivery, with the arguments that it asks for. */
final class WorkerMethod implements DeliveryHandler {

  private final Object bean;
  private final Method method;
  private final Method invocable;
  private final List<Argument> arguments = new ArrayList<>();

  /** The value of a parameter. */
  @FunctionalInterface
  private interface Argument {
    @Nullable Object of(Delivery delivery, EventCollector events) throws Exception;
  }

  /**
   * Checks the method.
   *
   * @param invocable to call it on the bean, which may be a proxy of an interface
   * @param method as its class declares it, with the annotations of its parameters
   * @param json null where the application has no mapper
   */
  WorkerMethod(Object bean, Method invocable, Method method, @Nullable JsonCodec json) {
    this.bean = bean;
    this.invocable = invocable;
    this.method = method;
    if (method.getReturnType() != void.class) {
      throw new InvalidWorkerException(
          method,
          "must return void, but returns " + method.getReturnType().getSimpleName(),
          "Return void. To send a result, enqueue it: the EventCollector can be a parameter.");
    }
    int payloads = 0;
    for (Parameter parameter : method.getParameters()) {
      Argument argument = known(parameter);
      if (argument == null) {
        payloads++;
        argument = payload(parameter, json);
      }
      arguments.add(argument);
    }
    if (payloads > 1) {
      throw new InvalidWorkerException(
          method,
          "has " + payloads + " parameters for the payload, but may have one",
          "Keep one of them. A parameter that gets a header needs @EventHeader(\"name\"); Delivery"
              + " and EventCollector need nothing.");
    }
    invocable.setAccessible(true);
  }

  private @Nullable Argument known(Parameter parameter) {
    EventHeader header = parameter.getAnnotation(EventHeader.class);
    if (header != null) {
      return (delivery, events) -> header(delivery, header.value(), parameter);
    }
    if (parameter.getType() == Delivery.class) {
      return (delivery, events) -> delivery;
    }
    return parameter.getType() == EventCollector.class ? (delivery, events) -> events : null;
  }

  private @Nullable Object header(Delivery delivery, String name, Parameter parameter) {
    String value = delivery.header(name);
    if (value == null) {
      if (parameter.getType().isPrimitive()) {
        throw RejectDeliveryException.dead("the header " + name + " is missing");
      }
      return null;
    }
    try {
      return ApplicationConversionService.getSharedInstance().convert(value, parameter.getType());
    } catch (ConversionException e) {
      throw RejectDeliveryException.dead(
          "the header " + name + " is no " + parameter.getType().getSimpleName(), e);
    }
  }

  private Argument payload(Parameter parameter, @Nullable JsonCodec json) {
    if (parameter.getType() == String.class) {
      return (delivery, events) -> delivery.bodyAsText();
    }
    if (parameter.getType() == byte[].class) {
      return (delivery, events) -> delivery.body();
    }
    if (json == null) {
      throw new InvalidWorkerException(
          method,
          "has a parameter of type "
              + parameter.getType().getName()
              + ", which is read from JSON, but the application has no Jackson mapper, or several",
          "Add spring-boot-starter-jackson (spring-boot-starter-json on Boot 3), make one mapper"
              + " @Primary, or take the payload as String or byte[].");
    }
    return (delivery, events) -> {
      try {
        return json.read(delivery.body(), parameter.getParameterizedType());
      } catch (Exception e) {
        throw RejectDeliveryException.dead(
            "the payload cannot be read as " + parameter.getType().getSimpleName(), e);
      }
    };
  }

  @Override
  public void handle(Delivery delivery, EventCollector events) throws Exception {
    @Nullable Object[] values = new Object[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = arguments.get(i).of(delivery, events);
    }
    try {
      invocable.invoke(bean, values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  Method method() {
    return method;
  }

  @Override
  public String toString() {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }
}
