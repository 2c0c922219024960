package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import dev.eventcollector.spring.JsonCodec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.scheduling.annotation.Async;

/** Calls a method for each delivery, with the arguments that it asks for. */
final class WorkerMethod implements DeliveryHandler {

  private static final TypeDescriptor TEXT = TypeDescriptor.valueOf(String.class);

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
   * @param type the class of the bean, which knows the type variables of its superclasses
   * @param invocable to call it on the bean, which may be a proxy of an interface
   * @param method as its class declares it, with the annotations of its parameters
   * @param json null where the application has no mapper
   */
  WorkerMethod(
      Object bean, Class<?> type, Method invocable, Method method, @Nullable JsonCodec json) {
    this.bean = bean;
    this.invocable = invocable;
    this.method = method;
    if (AnnotatedElementUtils.hasAnnotation(method, Async.class)
        || AnnotatedElementUtils.hasAnnotation(type, Async.class)) {
      throw new InvalidWorkerException(
          method,
          "must not be @Async, as its delivery would be acknowledged before it has run",
          "Remove @Async. For more deliveries at the same time, raise the concurrency.");
    }
    if (method.getReturnType() != void.class) {
      throw new InvalidWorkerException(
          method,
          "must return void, but returns " + method.getReturnType().getSimpleName(),
          "Return void. To send a result, enqueue it: the EventCollector can be a parameter.");
    }
    int payloads = 0;
    for (int i = 0; i < method.getParameterCount(); i++) {
      Parameter parameter = method.getParameters()[i];
      Argument argument = known(parameter, new MethodParameter(method, i));
      if (argument == null) {
        payloads++;
        argument = payload(parameter, ResolvableType.forMethodParameter(method, i, type), json);
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

  private @Nullable Argument known(Parameter parameter, MethodParameter described) {
    EventHeader header = parameter.getAnnotation(EventHeader.class);
    if (header != null) {
      TypeDescriptor type = new TypeDescriptor(described);
      return (delivery, events) -> header(delivery, header.value(), type);
    }
    if (parameter.getType() == Delivery.class) {
      return (delivery, events) -> delivery;
    }
    return parameter.getType() == EventCollector.class ? (delivery, events) -> events : null;
  }

  private @Nullable Object header(Delivery delivery, String name, TypeDescriptor type) {
    String value = delivery.header(name);
    if (value == null) {
      if (type.isPrimitive()) {
        throw RejectDeliveryException.dead("the header " + name + " is missing");
      }
      return type.getType() == Optional.class ? Optional.empty() : null;
    }
    try {
      return ApplicationConversionService.getSharedInstance().convert(value, TEXT, type);
    } catch (ConversionException e) {
      throw RejectDeliveryException.dead(
          "the header " + name + " is no " + type.getType().getSimpleName(), e);
    }
  }

  private Argument payload(Parameter parameter, ResolvableType declared, @Nullable JsonCodec json) {
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
    Type type = known(declared);
    if (type == null) {
      throw new InvalidWorkerException(
          method,
          "has a parameter of type "
              + parameter.getParameterizedType()
              + ", and the bean's class does not say which type that is",
          "Define the bean by a class that names the type, as in"
              + " class ShippingWorker extends Worker<Order>.");
    }
    return (delivery, events) -> payload(delivery, type, json);
  }

  private static Object payload(Delivery delivery, Type type, JsonCodec json) {
    Object payload;
    try {
      payload = json.read(delivery.body(), type);
    } catch (Exception e) {
      throw RejectDeliveryException.dead("the payload cannot be read as " + type.getTypeName(), e);
    }
    if (payload == null) {
      throw RejectDeliveryException.dead("the payload is null");
    }
    return payload;
  }

  /** With what the bean's class says of type variables; null when it says nothing. */
  private static @Nullable Type known(ResolvableType declared) {
    if (declared.getType() instanceof Class<?> || declared.isArray()) {
      return declared.getType();
    }
    Class<?> raw = declared.resolve();
    if (raw == null || !declared.hasGenerics()) {
      return raw;
    }
    ResolvableType[] generics = declared.getGenerics();
    for (int i = 0; i < generics.length; i++) {
      Type generic = known(generics[i]);
      generics[i] = ResolvableType.forType(generic == null ? Object.class : generic);
    }
    return ResolvableType.forClassWithGenerics(raw, generics).getType();
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
