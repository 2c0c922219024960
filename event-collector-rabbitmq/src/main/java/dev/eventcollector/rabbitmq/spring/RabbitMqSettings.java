package dev.eventcollector.rabbitmq.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Spring Boot's own properties of the broker, as far as they are used. They are bound here, since
 * the bean that Boot binds them to is there with Spring AMQP only.
 */
final class RabbitMqSettings {

  private static final String PREFIX = "spring.rabbitmq.";

  private final Binder binder;

  RabbitMqSettings(Binder binder) {
    this.binder = binder;
  }

  /** Where the broker is. An address may tell account and virtual host by itself. */
  BrokerConnection connection() {
    String sslBundle = text("ssl.bundle");
    boolean tls = sslBundle != null || flag("ssl.enabled");
    BrokerConnection.Account account =
        new BrokerConnection.Account(
            text("username", "guest"), text("password", "guest"), text("virtual-host"));
    List<String> addresses =
        binder.bind(PREFIX + "addresses", Bindable.listOf(String.class)).orElseGet(List::of);
    if (addresses.isEmpty()) {
      String host = text("host", "localhost");
      String port = text("port");
      addresses = List.of(port == null ? host : host + ":" + port);
    }
    return new BrokerConnection(
        addresses.stream().map(address -> account.uri(address, tls)).toList(), sslBundle);
  }

  private @Nullable String text(String name) {
    return binder.bind(PREFIX + name, String.class).orElse(null);
  }

  private String text(String name, String otherwise) {
    String value = text(name);
    return value == null ? otherwise : value;
  }

  private boolean flag(String name) {
    return Boolean.TRUE.equals(binder.bind(PREFIX + name, Boolean.class).orElse(null));
  }
}
