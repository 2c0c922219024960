package dev.eventcollector.examples.webhooks.settings;

import dev.eventcollector.examples.webhooks.workflows.InvalidWorkflowsException;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * What the values of {@link Settings} must be. Each rule's message tells the value and the rule.
 */
final class SettingRules {

  private SettingRules() {}

  /** Takes what no flag has set from the environment, where an empty variable counts as none. */
  static IDefaultValueProvider from(Map<String, String> environment) {
    return (ArgSpec setting) -> {
      String value = environment.getOrDefault(setting.paramLabel(), "");
      return value.isEmpty() ? null : value;
    };
  }

  /** One or several secrets. */
  static final class WebhookSecrets implements ITypeConverter<Secrets> {
    @Override
    public Secrets convert(String value) {
      try {
        return Secrets.parse(value);
      } catch (IllegalArgumentException e) {
        throw broken(e);
      }
    }
  }

  /** One or several brokers. */
  static final class AmqpUris implements ITypeConverter<BrokerUris> {
    @Override
    public BrokerUris convert(String value) {
      try {
        return BrokerUris.parse(value);
      } catch (IllegalArgumentException e) {
        throw broken(e);
      }
    }
  }

  /** Faktory, or the demo's stand-in for it. */
  static final class Faktory implements ITypeConverter<FaktoryUrl> {
    @Override
    public FaktoryUrl convert(String value) {
      try {
        return FaktoryUrl.parse(value);
      } catch (IllegalArgumentException e) {
        throw broken(e);
      }
    }
  }

  /** Long enough not to be guessed. */
  static final class Token implements ITypeConverter<PageToken> {
    @Override
    public PageToken convert(String value) {
      try {
        return PageToken.parse(value);
      } catch (IllegalArgumentException e) {
        throw broken(e);
      }
    }
  }

  /** A configuration file, which is read. */
  static final class Workflows implements ITypeConverter<WorkflowConfiguration> {
    @Override
    public WorkflowConfiguration convert(String value) {
      try {
        return WorkflowConfiguration.read(Path.of(value));
      } catch (InvalidWorkflowsException | InvalidPathException e) {
        throw broken(e);
      }
    }
  }

  /** Something that can be an address or a host name; whether it is ours, listening tells. */
  static final class Address implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      boolean isBracketed = value.startsWith("[") && value.endsWith("]"); // as in a URL
      String address = isBracketed ? value.substring(1, value.length() - 1) : value;
      if (!address.matches(isBracketed ? "[0-9A-Fa-f.:]+(%\\w+)?" : "[0-9A-Za-z.:_%-]+")) {
        throw broken("'%s' must be an IP address or a host name", value);
      }
      return address;
    }
  }

  /** One of two. */
  static final class LogFormat implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (!value.equals("text") && !value.equals("json")) {
        throw broken("'%s' must be text or json", value);
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
      throw broken("'%s' must be a whole number from %d to %d", value, min, max);
    }
  }

  /** A TCP port, or 0. */
  static final class Port extends Whole {
    Port() {
      super(0, 65_535);
    }
  }

  /** Threads, more or less. */
  static final class Concurrency extends Whole {
    Concurrency() {
      super(1, 1_000);
    }
  }

  /** A number of delivery ids, of about 150 bytes each. */
  static final class CompletedMemory extends Whole {
    CompletedMemory() {
      super(1, 10_000_000);
    }
  }

  /** A duration within bounds. */
  private abstract static class Time implements ITypeConverter<Duration> {
    private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})(ms|s|m)");

    private final String min;
    private final String max;

    Time(String min, String max) {
      this.min = min;
      this.max = max;
    }

    @Override
    public Duration convert(String value) {
      Duration duration = parse(value.strip());
      if (duration == null
          || duration.compareTo(bound(min)) < 0
          || duration.compareTo(bound(max)) > 0) {
        throw broken("'%s' must be a time such as 500ms, 5s or 2m, from %s to %s", value, min, max);
      }
      return duration;
    }

    private static Duration bound(String text) {
      Duration bound = parse(text);
      if (bound == null) {
        throw new IllegalStateException(text);
      }
      return bound;
    }

    private static @Nullable Duration parse(String text) {
      Matcher matcher = FORMAT.matcher(text);
      if (!matcher.matches()) {
        return null;
      }
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        default -> Duration.ofMinutes(amount);
      };
    }
  }

  /** Before a delivery is tried again. */
  static final class RetryDelays implements ITypeConverter<Settings.Delays> {
    private static final Time EACH = new Time("10ms", "20m") {};

    @Override
    public Settings.Delays convert(String value) {
      return new Settings.Delays(Arrays.stream(value.split(",", -1)).map(EACH::convert).toList());
    }
  }

  /** Short enough to answer before GitHub hangs up. */
  static final class PublishTimeout extends Time {
    PublishTimeout() {
      super("100ms", "8s");
    }
  }

  /** Long enough for 25 MB. */
  static final class RequestTimeout extends Time {
    RequestTimeout() {
      super("100ms", "5m");
    }
  }

  /** Room for one of the largest bodies at least; more than 2 GB have no use. */
  static final class BodyMegabytes extends Whole {
    BodyMegabytes() {
      super(25, 2_000);
    }
  }

  /** How long a stop may take. */
  static final class DrainTimeout extends Time {
    DrainTimeout() {
      super("0s", "60m");
    }
  }

  private static TypeConversionException broken(String rule, Object... values) {
    return new TypeConversionException(String.format(Locale.ROOT, rule, values));
  }

  private static TypeConversionException broken(Exception cause) {
    return broken("%s", String.valueOf(cause.getMessage()));
  }
}
