package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.rabbitmq.ConnectAtStart;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The connection settings of publisher and workers; what is null has the builders' default. */
record RabbitMqAccess(
    List<String> uris,
    @Nullable SSLContext sslContext,
    ConnectAtStart connectAtStart,
    @Nullable Duration connectTimeout,
    @Nullable Duration heartbeat) {

  /** Without the credentials that are in the URIs. */
  @Override
  public String toString() {
    return "RabbitMqAccess[" + uris.size() + " nodes]";
  }
}
