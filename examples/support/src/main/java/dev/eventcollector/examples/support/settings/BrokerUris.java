package dev.eventcollector.examples.support.settings;

import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The addresses of a broker's nodes. They may contain a password. */
public record BrokerUris(List<String> list) {

  /**
   * Reads URIs that are separated by commas.
   *
   * @throws IllegalArgumentException when one is wrong; the message shows no password
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

  /** Addresses that are separated by commas. */
  public static final class Rule
      extends dev.eventcollector.examples.support.settings.Rule<BrokerUris> {
    @Override
    protected BrokerUris read(String value) {
      return parse(value);
    }
  }

  /** The flag {@code --amqp-uri}, or {@code AMQP_URI}, of an app that can do without a broker. */
  public static final class Setting {
    @Option(
        names = "--amqp-uri",
        paramLabel = "AMQP_URI",
        converter = Rule.class,
        description =
            "RabbitMQ, as amqp://user:password@host:5672/vhost; amqps:// for TLS; several nodes,"
                + " separated by commas. Better in the environment: a command line can be seen by"
                + " others. Without it a broker is started in this process, for trying things out:"
                + " its messages end with it.")
    private @Nullable BrokerUris uris;

    /** Null where none is set. */
    public @Nullable BrokerUris uris() {
      return uris;
    }
  }
}
