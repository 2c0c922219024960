package dev.eventcollector.rabbitmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The common options of the publisher's and the worker's builder. */
final class ConnectionOptions {

  List<String> uris = List.of("amqp://guest:guest@localhost:5672");
  @Nullable SSLContext sslContext;
  @Nullable Supplier<Credentials> credentials;
  String name = "event-collector";
  Duration connectTimeout = Duration.ofSeconds(3);
  Duration heartbeat = Duration.ofSeconds(10);

  /** Checks all options, and adds to the problems that the caller has found. */
  Connector connector(List<String> problems) {
    if (uris.isEmpty()) {
      problems.add("uris must name at least one broker");
    }
    if (connectTimeout.compareTo(Duration.ofMillis(1)) < 0) {
      problems.add("connectTimeout must be at least 1 ms, but is " + connectTimeout);
    }
    if (heartbeat.compareTo(Duration.ofSeconds(1)) < 0) {
      problems.add("heartbeat must be at least 1 second, but is " + heartbeat);
    }
    Names.check("connectionName", name, problems);
    ConnectionSettings settings =
        new ConnectionSettings(name, connectTimeout, heartbeat, sslContext, credentials);
    List<BrokerAddress> addresses = new ArrayList<>();
    for (int i = 0; i < uris.size(); i++) {
      try {
        addresses.add(BrokerAddress.parse(uris.get(i), settings));
      } catch (IllegalArgumentException e) {
        String which = uris.size() == 1 ? "uri " : String.format(Locale.ROOT, "uris[%d] ", i);
        problems.add(which + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new Connector(List.copyOf(addresses), settings);
  }
}
