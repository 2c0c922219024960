package dev.eventcollector.rabbitmq.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Boot's {@code RabbitConnectionDetails}, which Docker Compose, Testcontainers and {@code
 * spring.rabbitmq.*} provide. It has moved between the versions of Boot, so it is read by name.
 */
final class ConnectionDetailsAdapter {

  private static final String[] TYPES = {
    "org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails",
    "org.springframework.boot.autoconfigure.amqp.RabbitConnectionDetails"
  };

  private ConnectionDetailsAdapter() {}

  /** The details of the context; null when it has none. */
  static @Nullable BrokerConnection of(BeanFactory beans, RabbitMqSettings settings) {
    ClassLoader loader = ConnectionDetailsAdapter.class.getClassLoader();
    for (String name : TYPES) {
      if (ClassUtils.isPresent(name, loader)) {
        Class<?> type = ClassUtils.resolveClassName(name, loader);
        Object details = beans.getBeanProvider(type).getIfUnique();
        if (details != null) {
          return read(type, details, settings);
        }
      }
    }
    return null;
  }

  private static BrokerConnection read(Class<?> type, Object details, RabbitMqSettings settings) {
    Object bundle =
        ClassUtils.hasMethod(type, "getSslBundle") ? call(type, details, "getSslBundle") : null;
    boolean tls = bundle != null || settings.tls();
    if (tls) {
      bundle = settings.trusted(bundle);
    }
    BrokerConnection.Account account =
        new BrokerConnection.Account(
            (String) call(type, details, "getUsername"),
            (String) call(type, details, "getPassword"),
            (String) call(type, details, "getVirtualHost"));
    List<String> uris = new ArrayList<>();
    if (call(type, details, "getAddresses") instanceof List<?> addresses) {
      for (Object address : addresses) {
        String host = String.valueOf(call(address.getClass(), address, "host"));
        String each =
            RabbitMqSettings.bracketed(host) + ":" + call(address.getClass(), address, "port");
        uris.add(account.uri(each, each, tls));
      }
    }
    return new BrokerConnection(uris, bundle);
  }

  private static @Nullable Object call(Class<?> type, Object target, String method) {
    try {
      Method found = type.getMethod(method);
      return found.invoke(target);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("unknown connection details: " + type.getName(), e);
    }
  }
}
