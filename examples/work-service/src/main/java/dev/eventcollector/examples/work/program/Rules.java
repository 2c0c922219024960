package dev.eventcollector.examples.work.program;

import dev.eventcollector.examples.work.model.WorkDemand;
import dev.eventcollector.examples.work.queue.BrokerUris;
import dev.eventcollector.examples.work.storage.DatabaseUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What values of settings must be. Each rule's message tells the value and the rule. */
public final class Rules {

  private Rules() {}

  /** One or several nodes of a broker. */
  public static final class AmqpUris implements ITypeConverter<BrokerUris> {
    @Override
    public BrokerUris convert(String value) {
      try {
        return BrokerUris.parse(value);
      } catch (IllegalArgumentException e) {
        throw broken(String.valueOf(e.getMessage()));
      }
    }
  }

  /** A PostgreSQL. */
  public static final class Database implements ITypeConverter<DatabaseUrl> {
    @Override
    public DatabaseUrl convert(String value) {
      try {
        return DatabaseUrl.parse(value);
      } catch (IllegalArgumentException e) {
        throw broken(String.valueOf(e.getMessage()));
      }
    }
  }

  /** An IP address, an IPv6 one also in brackets, or a host name; no port. */
  public static final class Address implements ITypeConverter<String> {
    private static final Pattern NAME =
        Pattern.compile("[0-9A-Za-z_]([0-9A-Za-z_-]*[0-9A-Za-z_])?(\\.[0-9A-Za-z_-]+)*\\.?");

    @Override
    public String convert(String value) {
      boolean isBracketed = value.startsWith("[") && value.endsWith("]"); // as in a URL
      String address = isBracketed ? value.substring(1, value.length() - 1) : value;
      boolean isRight =
          isBracketed || address.contains(":")
              ? isIpv6(address)
              : address.length() <= 253 && NAME.matcher(address).matches();
      if (!isRight) {
        throw broken(
            String.format(
                Locale.ROOT, "'%s' must be an IP address or a host name, without a port", value));
      }
      return address;
    }

    /** With a colon in it, nothing is looked up; a zone must be one of this machine's. */
    private static boolean isIpv6(String address) {
      try {
        return address.contains(":") && InetAddress.getByName("[" + address + "]") != null;
      } catch (UnknownHostException e) {
        return false;
      }
    }
  }

  /** On or off. */
  public static final class Switch implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (!value.equals("on") && !value.equals("off")) {
        throw broken(String.format(Locale.ROOT, "'%s' must be on or off", value));
      }
      return value;
    }
  }

  /** A whole number within bounds. */
  private abstract static class Whole implements ITypeConverter<Integer> {
    private final int min;
    private final int max;

    Whole(int min, int max) {
      this.min = min;
      this.max = max;
    }

    @Override
    public Integer convert(String value) {
      try {
        int number = Integer.parseInt(value.strip());
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // The same rule says it.
      }
      throw broken(
          String.format(Locale.ROOT, "'%s' must be a whole number from %d to %d", value, min, max));
    }
  }

  /** A TCP port, or 0. */
  public static final class Port extends Whole {
    /** For picocli. */
    public Port() {
      super(0, 65_535);
    }
  }

  /** A TCP port of somebody else. */
  public static final class PortOfServer extends Whole {
    /** For picocli. */
    public PortOfServer() {
      super(1, 65_535);
    }
  }

  /** A TCP port, 0, or off. */
  public static final class PortOrOff implements ITypeConverter<OptionalInt> {
    @Override
    public OptionalInt convert(String value) {
      try {
        return value.equals("off")
            ? OptionalInt.empty()
            : OptionalInt.of(new Port().convert(value));
      } catch (TypeConversionException e) {
        throw broken(e.getMessage() + ", or off");
      }
    }
  }

  /** Threads, each with a connection to the database. */
  public static final class Concurrency extends Whole {
    /** For picocli. */
    public Concurrency() {
      super(1, 100);
    }
  }

  /** The last number of a work. */
  public static final class AddUpTo extends Whole {
    /** For picocli. */
    public AddUpTo() {
      super(1, WorkDemand.MAX);
    }
  }

  /** How often something is done; 0 for ever. */
  public static final class Count extends Whole {
    /** For picocli. */
    public Count() {
      super(0, Integer.MAX_VALUE);
    }
  }

  /** A duration. */
  public abstract static class Time implements ITypeConverter<Duration> {
    private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private final Duration min;
    private final Duration max;

    Time(Duration min) {
      this(min, Duration.ofHours(1_000));
    }

    Time(Duration min, Duration max) {
      this.min = min;
      this.max = max;
    }

    @Override
    public Duration convert(String value) {
      Matcher matcher = FORMAT.matcher(value.strip());
      if (matcher.matches()) {
        Duration duration = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
        if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
          return duration;
        }
      }
      throw broken(
          String.format(
              Locale.ROOT,
              "'%s' must be a time such as 500ms, 5s, 2m or 6h, from %dms to %dh",
              value,
              min.toMillis(),
              max.toHours()));
    }

    private static Duration duration(long amount, String unit) {
      return switch (unit) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    }
  }

  /** A duration that may be zero. */
  public static final class AnyTime extends Time {
    /** For picocli. */
    public AnyTime() {
      super(Duration.ZERO);
    }
  }

  /** Between two rounds of something. */
  public static final class Interval extends Time {
    /** For picocli. */
    public Interval() {
      super(Duration.ofMillis(1));
    }
  }

  /** How long something is remembered that must not be forgotten while it matters. */
  public static final class Memory extends Time {
    /** A demand that fails is retried for 13 minutes, and may wait for its worker. */
    public Memory() {
      super(Duration.ofHours(1));
    }
  }

  /** How long a process may be silent before others take over what it has left. */
  public static final class Lease extends Time {
    /** The outbox's own rule. */
    public Lease() {
      super(Duration.ofSeconds(1), Duration.ofHours(24));
    }
  }

  private static TypeConversionException broken(String message) {
    return new TypeConversionException(message);
  }
}
