package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.rabbitmq.ConnectAtStart;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The connection settings of publisher and workers. */
final class RabbitMqAccess {

  private final List<String> uris;
  private final @Nullable SSLContext sslContext;
  private final ConnectAtStart connectAtStart;

  RabbitMqAccess(
      List<String> uris, @Nullable SSLContext sslContext, ConnectAtStart connectAtStart) {
    this.uris = uris;
    this.sslContext = sslContext;
    this.connectAtStart = connectAtStart;
  }

  List<String> uris() {
    return uris;
  }

  @Nullable SSLContext sslContext() {
    return sslContext;
  }

  ConnectAtStart connectAtStart() {
    return connectAtStart;
  }
}
