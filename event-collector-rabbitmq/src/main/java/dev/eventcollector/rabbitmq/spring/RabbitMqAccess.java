package dev.eventcollector.rabbitmq.spring;

import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The connection settings of publisher and workers. */
final class RabbitMqAccess {

  private final List<String> uris;
  private final @Nullable SSLContext sslContext;

  RabbitMqAccess(List<String> uris, @Nullable SSLContext sslContext) {
    this.uris = uris;
    this.sslContext = sslContext;
  }

  List<String> uris() {
    return uris;
  }

  @Nullable SSLContext sslContext() {
    return sslContext;
  }
}
