package dev.eventcollector.examples.forwarder.settings;

import dev.eventcollector.examples.forwarder.forwarding.Batching;
import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.forwarder.sink.Posting;
import dev.eventcollector.examples.forwarder.sink.Retries;
import dev.eventcollector.examples.forwarder.sink.SinkAddress;
import dev.eventcollector.examples.support.settings.Help;
import dev.eventcollector.examples.support.settings.LogSetting;
import dev.eventcollector.examples.support.settings.PortRule;
import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** Flags, with one or two dashes, and environment variables, as they are given. */
@Command(
    name = "webhook-forwarder",
    description = {
      "Takes JSON records at POST /log, and posts them to a sink in batches.%n",
      SettingsReader.HOW_TO_SET
    })
public final class Flags {

  /** The flag of the log's file. */
  public static final String LOG_FILE = "--log-file";

  /** The flag of the spool file. */
  public static final String SPOOL_FILE = "--spool-file";

  private static final long LARGEST_DEFAULT_BUFFER = 64L << 20;
  private static final String DEFAULT = " Defaults to ${DEFAULT-VALUE}.";

  @Option(
      names = {"-http", "--http"},
      paramLabel = "WEBHOOK_HTTP",
      defaultValue = ":8080",
      converter = Rules.Http.class,
      description = "Where to listen, host:port; without a host at all addresses." + DEFAULT)
  Rules.Listening http = new Rules.Listening(null, 0);

  @Option(
      names = {"-port", "--port"},
      paramLabel = "PORT",
      converter = PortRule.class,
      description = "Only the port of -http; 0 for any port that is free.")
  @Nullable Integer port;

  @Option(
      names = {"-batch-size", "--batch-size"},
      paramLabel = "WEBHOOK_BATCH_SIZE",
      defaultValue = "10",
      converter = Rules.Size.class,
      description = "Records in a full batch; 0: only the interval counts." + DEFAULT)
  int batchSize;

  @Option(
      names = {"-batch-interval", "--batch-interval"},
      paramLabel = "WEBHOOK_BATCH_INTERVAL",
      defaultValue = "10s",
      converter = Rules.Time.class,
      description = "How long the first record waits; 0: only the size counts." + DEFAULT)
  Duration batchInterval = Duration.ZERO;

  @Option(
      names = {"-post-endpoint", "--post-endpoint"},
      paramLabel = "WEBHOOK_POST_ENDPOINT",
      converter = Rules.Endpoint.class,
      description = "Where batches are posted: an absolute http or https URL. Required.")
  @Nullable SinkAddress postEndpoint;

  @Option(
      names = {"-log-file", LOG_FILE},
      paramLabel = "WEBHOOK_LOG_FILE",
      converter = Rules.File.class,
      description = "File to append the log to, in place of the standard output.")
  @Nullable Path logFile;

  @Option(
      names = {"-buffer-records", "--buffer-records"},
      paramLabel = "WEBHOOK_BUFFER_RECORDS",
      defaultValue = "100000",
      converter = Rules.BufferRecords.class,
      description = "Records held in memory; above it POST /log answers 503." + DEFAULT)
  int bufferRecords;

  @Option(
      names = {"-buffer-bytes", "--buffer-bytes"},
      paramLabel = "WEBHOOK_BUFFER_BYTES",
      converter = Rules.BufferBytes.class,
      description = "Bytes held in memory. Defaults to a quarter of the heap, at most 64 MiB.")
  @Nullable Long bufferBytes;

  @Option(
      names = {"-read-timeout", "--read-timeout"},
      paramLabel = "WEBHOOK_READ_TIMEOUT",
      defaultValue = "10s",
      converter = Rules.PositiveTime.class,
      description = "How long a request may take to come in; later it is answered 408." + DEFAULT)
  Duration readTimeout = Duration.ZERO;

  @Option(
      names = {"-in-flight", "--in-flight"},
      paramLabel = "WEBHOOK_IN_FLIGHT",
      defaultValue = "1",
      converter = Rules.InFlight.class,
      description = "Batches posted at a time; above 1 they may overtake each other." + DEFAULT)
  int inFlight;

  @Option(
      names = {"-retries", "--retries"},
      paramLabel = "WEBHOOK_RETRIES",
      defaultValue = "3",
      converter = Rules.RetryCount.class,
      description = "How often a batch is posted again before it is given up." + DEFAULT)
  int retries;

  @Option(
      names = {"-retry-delay", "--retry-delay"},
      paramLabel = "WEBHOOK_RETRY_DELAY",
      defaultValue = "2s",
      converter = Rules.Time.class,
      description = "Wait before each retry." + DEFAULT)
  Duration retryDelay = Duration.ZERO;

  @Option(
      names = {"-retry-backoff", "--retry-backoff"},
      paramLabel = "WEBHOOK_RETRY_BACKOFF",
      defaultValue = "false",
      arity = "0..1",
      fallbackValue = "true",
      converter = Rules.YesOrNo.class,
      description = "Double the wait with every retry, and vary it by up to a fifth." + DEFAULT)
  boolean retryBackoff;

  @Option(
      names = {"-retry-after", "--retry-after"},
      paramLabel = "WEBHOOK_RETRY_AFTER",
      defaultValue = "false",
      arity = "0..1",
      fallbackValue = "true",
      converter = Rules.YesOrNo.class,
      description = "Wait as long as a sink's 429 or 503 asks in Retry-After." + DEFAULT)
  boolean retryAfter;

  @Option(
      names = {"-retry-max-delay", "--retry-max-delay"},
      paramLabel = "WEBHOOK_RETRY_MAX_DELAY",
      defaultValue = "1m",
      converter = Rules.Time.class,
      description = "The longest wait before a retry." + DEFAULT)
  Duration retryMaxDelay = Duration.ZERO;

  @Option(
      names = {"-request-timeout", "--request-timeout"},
      paramLabel = "WEBHOOK_REQUEST_TIMEOUT",
      defaultValue = "0s",
      converter = Rules.Time.class,
      description = "How long the sink has for an answer; 0: for ever." + DEFAULT)
  Duration requestTimeout = Duration.ZERO;

  @Option(
      names = {"-gzip", "--gzip"},
      paramLabel = "WEBHOOK_GZIP",
      defaultValue = "false",
      arity = "0..1",
      fallbackValue = "true",
      converter = Rules.YesOrNo.class,
      description = "Compress the posted batches." + DEFAULT)
  boolean gzip;

  @Option(
      names = {"-spool-file", SPOOL_FILE},
      paramLabel = "WEBHOOK_SPOOL_FILE",
      converter = Rules.File.class,
      description = "File for records that are given up; with it the process goes on.")
  @Nullable Path spoolFile;

  @Option(
      names = {"-drain-timeout", "--drain-timeout"},
      paramLabel = "WEBHOOK_DRAIN_TIMEOUT",
      defaultValue = "8s",
      converter = Rules.Time.class,
      description = "How long SIGTERM waits until held records have been posted." + DEFAULT)
  Duration drainTimeout = Duration.ZERO;

  @Mixin private final LogSetting log = new LogSetting();
  @Mixin private final Help help = new Help();

  private @Nullable ParseResult parsed;
  private Map<String, String> environment = Map.of();

  private Flags() {}

  /**
   * Reads them.
   *
   * @throws WrongSettingException with a line for each value that is against its rule
   */
  public static Flags read(Map<String, String> environment, String... arguments)
      throws WrongSettingException {
    Flags flags = new Flags();
    CommandLine commandLine =
        SettingsReader.commandLine(flags, environment)
            .setPosixClusteredShortOptionsAllowed(false)
            .setOverwrittenOptionsAllowed(true); // the last one counts, as in Go
    flags.environment = environment;
    flags.parsed = SettingsReader.read(commandLine, arguments);
    return flags;
  }

  /** Help, or a script for a shell; null when the program is to run. */
  public @Nullable String textToPrint() {
    return help.text();
  }

  /** The format of the log. */
  public LogSetting log() {
    return log;
  }

  /**
   * The settings that they make up.
   *
   * @throws WrongSettingException when they do not go together; it has a line for each problem
   */
  public Settings settings() throws WrongSettingException {
    List<String> problems = new Compatibility(this).problems();
    SinkAddress sink = postEndpoint;
    if (!problems.isEmpty() || sink == null) {
      throw WrongSettingException.of(problems);
    }
    boolean httpWins = isFlag("-http") && !isFlag("-port");
    return new Settings(
        http.host(),
        port == null || httpWins ? http.port() : port,
        readTimeout,
        new Batching(batchSize, batchInterval, bufferRecords, bytes()),
        new Posting(
            sink,
            new Retries(retries, retryDelay, retryMaxDelay, retryBackoff, retryAfter),
            requestTimeout,
            gzip),
        inFlight,
        logFile,
        spoolFile,
        drainTimeout,
        new Compatibility(this).withoutEffect());
  }

  private long bytes() {
    return bufferBytes == null
        ? Math.min(LARGEST_DEFAULT_BUFFER, Runtime.getRuntime().maxMemory() / 4)
        : bufferBytes;
  }

  /** Whether it is on the command line. */
  boolean isFlag(String name) {
    return parsed != null && parsed.hasMatchedOption(name);
  }

  /** Whether it is set at all. */
  boolean isGiven(String name) {
    return isFlag(name)
        || parsed != null
            && Stream.of(parsed.commandSpec().findOption(name))
                .anyMatch(option -> !environment.getOrDefault(option.paramLabel(), "").isEmpty());
  }

  /** A setting with a value that is against a rule. */
  public static WrongSettingException wrong(String flag, Path value, String rule) {
    String variable = flag.equals(LOG_FILE) ? "WEBHOOK_LOG_FILE" : "WEBHOOK_SPOOL_FILE";
    return new WrongSettingException(
        flag + " (" + variable + "): " + LogText.quoted(value.toString()) + " must be " + rule);
  }
}
