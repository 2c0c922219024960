package dev.eventcollector.rabbitmq.spring;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;

/**
 * Spring Boot's own properties of the broker, as far as they are used. They are bound here, since
 * the bean that Boot binds them to is there with Spring AMQP only.
 */
final class RabbitMqSettings {

  private static final String PREFIX = "spring.rabbitmq.";
  private static final String TLS = "amqps://";

  private final Binder binder;

  RabbitMqSettings(Binder binder) {
    this.binder = binder;
  }

  /** Where the broker is. An address may tell account and virtual host by itself. */
  BrokerConnection connection() {
    String bundle = text("ssl.bundle");
    boolean tls = bundle != null || flag("ssl.enabled");
    BrokerConnection.Account account =
        new BrokerConnection.Account(
            text("username", "guest"), text("password", "guest"), text("virtual-host"));
    List<String> addresses = addresses();
    if (addresses.isEmpty()) {
      String host = text("host", "localhost");
      String port = text("port");
      addresses = List.of(port == null ? bracketed(host) : bracketed(host) + ":" + port);
    }
    String first = addresses.get(0);
    List<String> uris =
        addresses.stream().map(address -> account.uri(address, first, tls)).toList();
    boolean secure = uris.stream().anyMatch(uri -> uri.startsWith(TLS));
    return new BrokerConnection(uris, secure ? trusted(bundle) : null);
  }

  /**
   * Whether a connection whose details tell of no bundle has TLS, as Spring Boot decides it: the
   * scheme of the first address, if it has one.
   */
  boolean tls() {
    List<String> addresses = addresses();
    String first = addresses.isEmpty() ? "" : addresses.get(0);
    return first.startsWith(TLS) || (flag("ssl.enabled") && !first.startsWith("amqp://"));
  }

  /** How long connecting may take; null when nothing is said. */
  @Nullable Duration connectTimeout() {
    return positive("connection-timeout", ChronoUnit.MILLIS, "connect-timeout");
  }

  /** The heartbeat to ask the broker for; null when nothing is said. */
  @Nullable Duration heartbeat() {
    return positive("requested-heartbeat", ChronoUnit.SECONDS, "heartbeat");
  }

  private @Nullable Duration positive(String name, ChronoUnit unit, String ours) {
    String value = text(name);
    if (value == null) {
      return null;
    }
    Duration duration = DurationStyle.detectAndParse(value, unit);
    if (duration.isZero()) {
      throw new IllegalArgumentException(
          name
              + " is 0, which is no limit, but a broker that does not answer has to be noticed; set"
              + " event-collector.rabbitmq."
              + ours);
    }
    return duration;
  }

  /**
   * The bundle, or else one of key store and trust store; null when there is none, which is the
   * JVM's default context.
   */
  @Nullable Object trusted(@Nullable Object bundle) {
    for (String check : List.of("ssl.validate-server-certificate", "ssl.verify-hostname")) {
      if (Boolean.FALSE.equals(binder.bind(PREFIX + check, Boolean.class).orElse(null))) {
        throw new IllegalArgumentException(
            check + " is false, but certificate and host name are always verified");
      }
    }
    return bundle == null ? sslStores() : bundle;
  }

  private @Nullable SslBundle sslStores() {
    JksSslStoreDetails keys = store("ssl.key-store");
    JksSslStoreDetails trusted = store("ssl.trust-store");
    return keys == null && trusted == null
        ? null
        : SslBundle.of(new JksSslStoreBundle(keys, trusted));
  }

  private @Nullable JksSslStoreDetails store(String name) {
    String location = text(name);
    return location == null
        ? null
        : new JksSslStoreDetails(text(name + "-type"), null, location, text(name + "-password"));
  }

  /** A host as in a URI: IPv6 has brackets there. */
  static String bracketed(String host) {
    return host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[")
        ? "[" + host + "]"
        : host;
  }

  private List<String> addresses() {
    return binder.bind(PREFIX + "addresses", Bindable.listOf(String.class)).orElseGet(List::of);
  }

  /** Null also where it is blank, as {@code ${VHOST:}} is when there is no such variable. */
  private @Nullable String text(String name) {
    String value = text(name, "");
    return value.isBlank() ? null : value;
  }

  private String text(String name, String otherwise) {
    String value = binder.bind(PREFIX + name, String.class).orElse(null);
    return value == null ? otherwise : value;
  }

  private boolean flag(String name) {
    return Boolean.TRUE.equals(binder.bind(PREFIX + name, Boolean.class).orElse(null));
  }
}
