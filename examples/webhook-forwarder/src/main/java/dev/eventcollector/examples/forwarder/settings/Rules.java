package dev.eventcollector.examples.forwarder.settings;

import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.forwarder.sink.SinkAddress;
import dev.eventcollector.examples.support.settings.Rule;
import dev.eventcollector.examples.support.settings.TimeRule;
import dev.eventcollector.examples.support.settings.WholeNumberRule;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules for single values. */
final class Rules {

  private static final int MOST_RECORDS = 8_388_608; // which a collector can hold
  private static final int LARGEST_PORT = 65_535;

  private Rules() {}

  /** Where to listen: the host is null for all addresses. */
  record Listening(@Nullable String host, int port) {}

  static final class Size extends WholeNumberRule {
    Size() {
      super(0, MOST_RECORDS);
    }
  }

  static final class BufferRecords extends WholeNumberRule {
    BufferRecords() {
      super(1, MOST_RECORDS);
    }
  }

  static final class InFlight extends WholeNumberRule {
    InFlight() {
      super(1, 100);
    }
  }

  static final class RetryCount extends WholeNumberRule {
    RetryCount() {
      super(0, 1_000);
    }
  }

  static final class BufferBytes extends Rule<Long> {
    @Override
    protected Long read(String value) {
      return WholeNumberRule.read(value, 4L << 20, 512L << 30);
    }
  }

  static final class Time extends TimeRule {
    Time() {
      super("0s", "2562047h");
    }
  }

  static final class PositiveTime extends TimeRule {
    PositiveTime() {
      super("1ms", "2562047h");
    }
  }

  static final class YesOrNo extends Rule<Boolean> {
    @Override
    protected Boolean read(String value) {
      return switch (value) {
        case "true", "1" -> true;
        case "false", "0" -> false;
        default -> throw broken(value, "must be true or false");
      };
    }
  }

  static final class File extends Rule<Path> {
    @Override
    protected Path read(String value) {
      try {
        if (!value.isEmpty()) {
          return Path.of(value);
        }
      } catch (InvalidPathException e) {
        // The same rule says it.
      }
      throw broken(value, "must be the name of a file");
    }
  }

  static final class Endpoint extends Rule<SinkAddress> {
    @Override
    protected SinkAddress read(String value) {
      try {
        return SinkAddress.parse(value);
      } catch (IllegalArgumentException e) {
        throw broken(SinkAddress.withoutSecrets(value), "must be an absolute http or https URL");
      }
    }
  }

  static final class Http extends Rule<Listening> {
    @Override
    protected Listening read(String value) {
      int colon = value.lastIndexOf(':');
      String bracketed = value.substring(0, Math.max(colon, 0));
      String host = bracketed.replaceAll("^\\[([0-9A-Fa-f:.]+(%\\w+)?)]$", "$1");
      boolean isHost = !host.equals(bracketed) || host.matches("[^:\\[\\]\\s]*");
      try {
        int port = Integer.parseInt(value.substring(colon + 1));
        if (colon >= 0 && isHost && port >= 0 && port <= LARGEST_PORT) {
          return new Listening(host.isEmpty() ? null : host, port);
        }
      } catch (NumberFormatException e) {
        // The same rule says it.
      }
      throw broken(
          value,
          "must be host:port or :port, with a port from 0 to 65535"
              + (bracketed.contains(":") ? " and an IPv6 address in brackets" : ""));
    }
  }

  private static IllegalArgumentException broken(String value, String rule) {
    return new IllegalArgumentException(
        String.format(Locale.ROOT, "'%s' %s", LogText.quoted(value).replace("\"", ""), rule));
  }
}
