package dev.eventcollector.examples.webhooks.settings;

import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.util.Arrays;
import java.util.List;

/** Where the nodes of a broker are. They may contain a password. */
public record BrokerUris(List<String> list) {

  /**
   * Reads URIs that are separated by commas.
   *
   * @throws IllegalArgumentException says what is wrong, and shows no password
   */
  public static BrokerUris parse(String text) {
    List<String> uris = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    RabbitMqEventPublisher.builder().uris(uris).build().close(); // it knows the rule
    return new BrokerUris(uris);
  }

  /** How many there are, and no more. */
  @Override
  public String toString() {
    return list.size() + " broker URI(s)";
  }
}
