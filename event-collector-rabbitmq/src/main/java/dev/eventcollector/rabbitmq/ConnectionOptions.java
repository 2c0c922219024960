package dev.eventcollector.rabbitmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What the builders of publisher and worker have in common. */
final class ConnectionOptions {

  List<String> uris = List.of("amqp://guest:guest@localhost:5672");
  @Nullable SSLContext sslContext;
  String name = "event-collector";
  Duration connectTimeout = Duration.ofSeconds(3);
  Duration heartbeat = Duration.ofSeconds(10);

  /** Checks everything, after what the caller has found already. */
  Connector connector(List<String> problems) {
    if (uris.isEmpty()) {
      problems.add("uris must name at least one broker");
    }
    if (connectTimeout.toMillis() < 1) {
      problems.add("connectTimeout must be at least 1 ms, but is " + connectTimeout);
    }
    if (heartbeat.toSeconds() < 1) {
      problems.add("heartbeat must be at least 1 second, but is " + heartbeat);
    }
    ConnectionSettings settings =
        new ConnectionSettings(name, connectTimeout, heartbeat, sslContext);
    List<BrokerAddress> addresses = new ArrayList<>();
    for (String uri : uris) {
      try {
        addresses.add(BrokerAddress.parse(uri, settings));
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new Connector(List.copyOf(addresses), settings);
  }
}
