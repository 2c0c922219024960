package dev.eventcollector.examples.forwarder.settings;

import dev.eventcollector.examples.forwarder.forwarding.Batching;
import dev.eventcollector.examples.forwarder.sink.Posting;
import dev.eventcollector.examples.forwarder.sink.Retries;
import dev.eventcollector.examples.forwarder.sink.SinkAddress;
import dev.eventcollector.examples.forwarder.spool.Spool;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * How the forwarder is to work, checked. {@link Setting} says what each means.
 *
 * @param host to listen on; null for all
 * @param readTimeout for a request to come in
 * @param withoutEffect what is set and cannot have an effect, for the log
 */
public record Settings(
    @Nullable String host,
    int port,
    Duration readTimeout,
    Batching batching,
    Posting posting,
    int inFlight,
    @Nullable Path logFile,
    @Nullable Path spoolFile,
    Duration drainTimeout,
    List<String> withoutEffect) {

  private static final long MOST_RECORDS = 8_388_608; // which a collector can hold
  private static final long LARGEST_DEFAULT_BUFFER = 64L << 20;
  private static final String WHOLE_NUMBER = "must be a whole number, %s";
  private static final String DURATION = "must be a duration such as 1m30s or 500ms, %s";

  /**
   * Reads them from flags, then the environment, then defaults.
   *
   * @throws InvalidSettingsException when something is wrong; it names all of it
   */
  public static Settings from(List<String> arguments, Map<String, String> environment) {
    GivenSettings given = new GivenSettings(arguments, environment);
    Listening listening = listening(given);
    Settings settings =
        new Settings(
            listening.host(),
            listening.port(),
            readTimeout(given),
            batching(given),
            posting(given),
            (int) number(given, Setting.IN_FLIGHT, n -> n >= 1 && n <= 100, "1 to 100", 1),
            file(given, Setting.LOG_FILE),
            file(given, Setting.SPOOL_FILE),
            duration(given, Setting.DRAIN_TIMEOUT),
            withoutEffect(given));
    requireDifferentFiles(given, settings);
    Retries retries = settings.posting.retries();
    if (retries.delay().compareTo(retries.maxDelay()) > 0) {
      given.problem(
          Setting.RETRY_DELAY,
          "must not be above -retry-max-delay, which is " + GoDuration.format(retries.maxDelay()));
    }
    if (!given.problems().isEmpty()) {
      throw new InvalidSettingsException(given.problems());
    }
    return settings;
  }

  private static Posting posting(GivenSettings given) {
    return new Posting(
        given.read(
            Setting.POST_ENDPOINT,
            SinkAddress::parse,
            "must be an absolute http or https URL; it is required",
            new SinkAddress(URI.create("http://localhost/"), null)),
        new Retries(
            (int) number(given, Setting.RETRIES, n -> n >= 0 && n <= 1000, "0 to 1000", 0),
            duration(given, Setting.RETRY_DELAY),
            duration(given, Setting.RETRY_MAX_DELAY),
            bool(given, Setting.RETRY_BACKOFF),
            bool(given, Setting.RETRY_AFTER)),
        duration(given, Setting.REQUEST_TIMEOUT),
        bool(given, Setting.GZIP));
  }

  private static Duration readTimeout(GivenSettings given) {
    Duration timeout = duration(given, Setting.READ_TIMEOUT);
    if (timeout.isZero()) {
      given.problem(
          Setting.READ_TIMEOUT, "must be above 0: a body must not hold its room for ever");
    }
    return timeout;
  }

  /** A log in the spool would be posted, and truncated; a spool in the log would be lost. */
  private static void requireDifferentFiles(GivenSettings given, Settings settings) {
    Path log = settings.logFile;
    Path spool = settings.spoolFile;
    if (spool != null && log == null && OneFile.isStandardOutput(spool)) {
      given.problem(Setting.SPOOL_FILE, "must be another file than that of the log");
    }
    if (log == null || spool == null) {
      return;
    }
    for (Path file : Spool.filesOf(spool)) {
      if (OneFile.isOne(log, file)) {
        given.problem(
            Setting.SPOOL_FILE,
            "must be another file than "
                + given.describe(Setting.LOG_FILE)
                + (file.equals(spool) ? "" : ", and so must the files beside it"));
        return;
      }
    }
  }

  private static List<String> withoutEffect(GivenSettings given) {
    if (!given.problems().isEmpty()) {
      return List.of(); // it does not start, and reading again would name them twice
    }
    List<String> without = new ArrayList<>();
    boolean doubles = bool(given, Setting.RETRY_BACKOFF) || bool(given, Setting.RETRY_AFTER);
    if (given.isGiven(Setting.RETRY_MAX_DELAY) && !doubles) {
      without.add(
          given.describe(Setting.RETRY_MAX_DELAY)
              + ", which has no effect without -retry-backoff or -retry-after");
    }
    if (number(given, Setting.RETRIES, n -> n <= 1000, "0 to 1000", 1) == 0) {
      for (Setting setting :
          List.of(Setting.RETRY_DELAY, Setting.RETRY_BACKOFF, Setting.RETRY_AFTER)) {
        if (given.isGiven(setting)) {
          without.add(given.describe(setting) + ", which has no effect without -retries");
        }
      }
    }
    if (given.isGiven(Setting.PORT)
        && given.isFlagGiven(Setting.HTTP)
        && !given.isFlagGiven(Setting.PORT)) {
      without.add(given.describe(Setting.PORT) + ", which has no effect beside the flag -http");
    }
    long bytes =
        given.isGiven(Setting.BUFFER_BYTES)
            ? number(given, Setting.BUFFER_BYTES, n -> true, "", 0)
            : 0;
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap / 2) {
      without.add(
          given.describe(Setting.BUFFER_BYTES)
              + ", which is more than half of the heap of "
              + heap
              + " bytes: memory may run out before the buffer is full");
    }
    return without;
  }

  private static Batching batching(GivenSettings given) {
    int size = (int) number(given, Setting.BATCH_SIZE, n -> n <= Integer.MAX_VALUE, "0 or more", 1);
    Duration interval = duration(given, Setting.BATCH_INTERVAL);
    if (size == 0 && interval.isZero()) {
      given.problem(
          Setting.BATCH_SIZE,
          "must not be 0 together with the interval: " + given.describe(Setting.BATCH_INTERVAL));
    }
    int records =
        (int)
            number(
                given,
                Setting.BUFFER_RECORDS,
                n -> n >= 1 && n <= MOST_RECORDS,
                "1 to " + MOST_RECORDS,
                Integer.MAX_VALUE);
    if (size > records) {
      given.problem(Setting.BATCH_SIZE, "must not be above -buffer-records, which is " + records);
    }
    long bytes =
        given.isGiven(Setting.BUFFER_BYTES)
            ? number(given, Setting.BUFFER_BYTES, n -> n >= 4L << 20, "4194304 (4 MiB) or more", 0)
            : Math.min(LARGEST_DEFAULT_BUFFER, Runtime.getRuntime().maxMemory() / 4);
    return new Batching(size, interval, records, bytes);
  }

  private record Listening(@Nullable String host, int port) {}

  private static Listening listening(GivenSettings given) {
    Listening http =
        given.read(
            Setting.HTTP,
            Settings::address,
            "must be host:port or :port, with a port of 0 to 65535"
                + (given.describe(Setting.HTTP).matches(".*\".*:.*:.*\"")
                    ? " and an IPv6 address in brackets"
                    : ""),
            new Listening(null, 0));
    boolean httpWins = given.isFlagGiven(Setting.HTTP) && !given.isFlagGiven(Setting.PORT);
    if (!given.isGiven(Setting.PORT) || httpWins) {
      return http;
    }
    return new Listening(
        http.host(),
        (int) number(given, Setting.PORT, n -> n >= 0 && n <= 65_535, "0 to 65535", 0));
  }

  private static Listening address(String text) {
    int colon = text.lastIndexOf(':');
    String bracketed = text.substring(0, Math.max(colon, 0));
    String host = bracketed.replaceAll("^\\[([0-9A-Fa-f:.]+(%\\w+)?)]$", "$1");
    if (host.equals(bracketed) && !host.matches("[^:\\[\\]\\s]*")) {
      throw new IllegalArgumentException("an IPv6 address must be in brackets");
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (colon < 0 || port < 0 || port > 65_535) {
      throw new IllegalArgumentException("no host:port");
    }
    return new Listening(host.isEmpty() ? null : host, port);
  }

  private static long number(
      GivenSettings given, Setting setting, LongPredicate rule, String range, long placeholder) {
    Function<String, Long> reader =
        text -> {
          long number = Long.parseLong(text);
          if (number < 0 || !rule.test(number)) {
            throw new IllegalArgumentException("out of range");
          }
          return number;
        };
    return given.read(
        setting, reader, String.format(Locale.ROOT, WHOLE_NUMBER, range), placeholder);
  }

  private static Duration duration(GivenSettings given, Setting setting) {
    Function<String, Duration> reader =
        text -> {
          Duration duration = GoDuration.parse(text);
          if (duration.isNegative()) {
            throw new IllegalArgumentException("negative");
          }
          return duration;
        };
    return given.read(
        setting, reader, String.format(Locale.ROOT, DURATION, "0 or more"), Duration.ofSeconds(1));
  }

  private static boolean bool(GivenSettings given, Setting setting) {
    Function<String, Boolean> reader =
        text ->
            switch (text) {
              case "true", "1" -> true;
              case "false", "0" -> false;
              default -> throw new IllegalArgumentException("neither");
            };
    return given.read(setting, reader, "must be true or false", false);
  }

  private static @Nullable Path file(GivenSettings given, Setting setting) {
    return given.isGiven(setting)
        ? given.read(setting, Path::of, "must be the name of a file", Path.of(""))
        : null;
  }
}
