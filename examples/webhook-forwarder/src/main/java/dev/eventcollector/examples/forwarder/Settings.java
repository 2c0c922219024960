package dev.eventcollector.examples.forwarder;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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
 * @param retries when and how long to wait before a batch is posted again
 */
record Settings(
    @Nullable String host,
    int port,
    Duration readTimeout,
    Batching batching,
    SinkAddress sink,
    @Nullable Path logFile,
    int inFlight,
    Retries retries,
    Duration requestTimeout,
    boolean gzip,
    @Nullable Path spoolFile,
    Duration drainTimeout,
    List<String> withoutEffect) {

  private static final Duration NEVER = Duration.ofDays(365);
  private static final long LARGEST_DEFAULT_BUFFER = 64L << 20;
  private static final String WHOLE_NUMBER = "must be a whole number, %s";
  private static final String DURATION = "must be a duration such as 1m30s or 500ms, %s";

  /**
   * When a batch is full, and how much may be held.
   *
   * @param size records in a full batch; 0 when only the interval counts
   * @param interval how long the first record waits; zero when only the size counts
   */
  record Batching(int size, Duration interval, int bufferRecords, long bufferBytes) {}

  /**
   * Reads them from flags, then the environment, then defaults.
   *
   * @throws InvalidSettingsException when something is wrong; it names all of it
   */
  static Settings from(List<String> arguments, Map<String, String> environment) {
    GivenSettings given = new GivenSettings(arguments, environment);
    Listening listening = listening(given);
    Settings settings =
        new Settings(
            listening.host(),
            listening.port(),
            readTimeout(given),
            batching(given),
            given.read(
                Setting.POST_ENDPOINT,
                SinkAddress::parse,
                "must be an absolute http or https URL; it is required",
                new SinkAddress(URI.create("http://localhost/"), null)),
            file(given, Setting.LOG_FILE),
            (int) number(given, Setting.IN_FLIGHT, n -> n >= 1 && n <= 100, "1 to 100", 1),
            new Retries(
                (int) number(given, Setting.RETRIES, n -> n >= 0 && n <= 1000, "0 to 1000", 0),
                duration(given, Setting.RETRY_DELAY),
                duration(given, Setting.RETRY_MAX_DELAY),
                bool(given, Setting.RETRY_BACKOFF),
                bool(given, Setting.RETRY_AFTER)),
            duration(given, Setting.REQUEST_TIMEOUT),
            bool(given, Setting.GZIP),
            file(given, Setting.SPOOL_FILE),
            duration(given, Setting.DRAIN_TIMEOUT),
            withoutEffect(given));
    requireDifferentFiles(given, settings);
    if (settings.retries.delay().compareTo(settings.retries.maxDelay()) > 0) {
      given.problem(
          Setting.RETRY_DELAY,
          "must not be above -retry-max-delay, which is "
              + GoDuration.format(settings.retries.maxDelay()));
    }
    if (!given.problems().isEmpty()) {
      throw new InvalidSettingsException(given.problems());
    }
    return settings;
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
    if (log == null || spool == null) {
      return;
    }
    Path rejected = spool.resolveSibling(spool.getFileName() + ".rejected");
    if (isSame(log, spool) || isSame(log, rejected)) {
      given.problem(
          Setting.SPOOL_FILE, "must be another file than " + given.describe(Setting.LOG_FILE));
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      if (Files.exists(one) && Files.exists(other)) {
        return Files.isSameFile(one, other); // hard links, too
      }
      return real(one).equals(real(other));
    } catch (IOException e) {
      return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
  }

  /** Without links, also of a file that is not there yet. */
  private static Path real(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (Files.isSymbolicLink(absolute) && folder != null) {
      return real(folder.resolve(Files.readSymbolicLink(absolute)));
    }
    return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
  }

  private static List<String> withoutEffect(GivenSettings given) {
    List<String> without = new ArrayList<>();
    boolean doubles = bool(given, Setting.RETRY_BACKOFF) || bool(given, Setting.RETRY_AFTER);
    if (given.isGiven(Setting.RETRY_MAX_DELAY) && !doubles) {
      without.add(
          given.describe(Setting.RETRY_MAX_DELAY)
              + ", which has no effect without -retry-backoff or -retry-after");
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
                n -> n >= 1 && n <= 100_000_000,
                "1 to 100000000",
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

  /** What the publisher may need at most for a batch: all attempts, and the waits between. */
  Duration longestPublish() {
    if (requestTimeout.isZero()) {
      return NEVER;
    }
    Duration attempts = requestTimeout.multipliedBy(retries.max() + 1L);
    Duration waits = retries.longestWait().multipliedBy(retries.max());
    Duration all = attempts.plus(waits).plusSeconds(1);
    return all.compareTo(NEVER) < 0 ? all : NEVER;
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
