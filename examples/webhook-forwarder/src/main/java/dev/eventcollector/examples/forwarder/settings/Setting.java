package dev.eventcollector.examples.forwarder.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Everything that can be set: by a flag, else by an environment variable, else a default. */
public enum Setting {
  HTTP(":8080", "address to listen on, host:port; without a host on all of them"),
  PORT("", "only the port to listen on, in place of that of -http; 0 takes any free one"),
  BATCH_SIZE("10", "records that make a batch full; 0: only the interval counts"),
  BATCH_INTERVAL("10s", "how long the first record of a batch waits; 0: only the size counts"),
  POST_ENDPOINT("", "where batches are posted: an absolute http or https URL; required"),
  LOG_FILE("", "file to append the log to; without it the log goes to standard output"),
  BUFFER_RECORDS("100000", "records held in memory; above it POST /log answers 503"),
  BUFFER_BYTES("", "bytes held in memory; a quarter of the heap, at most 64 MiB, without it"),
  READ_TIMEOUT("10s", "how long a request may take to come in; later it is answered 408"),
  IN_FLIGHT("1", "batches posted at the same time; above 1 they may overtake each other"),
  RETRIES("3", "how often a batch is posted again before it is given up"),
  RETRY_DELAY("2s", "wait before each retry"),
  RETRY_BACKOFF("false", "double the wait with every retry, and vary it by up to a fifth"),
  RETRY_AFTER("false", "wait as long as a sink's 429 or 503 asks in Retry-After, if longer"),
  RETRY_MAX_DELAY("1m", "the longest wait before a retry"),
  REQUEST_TIMEOUT("0s", "how long the sink has for an answer; 0: for ever"),
  GZIP("false", "compress what is posted"),
  SPOOL_FILE("", "file for records that were given up; with it the process goes on"),
  DRAIN_TIMEOUT("8s", "how long SIGTERM waits until what is held has been posted");

  final String flag = name().toLowerCase(Locale.ROOT).replace('_', '-');
  final String variable;
  final String byDefault;
  final String meaning;

  Setting(String byDefault, String meaning) {
    this.variable = name().equals("PORT") ? "PORT" : "WEBHOOK_" + name();
    this.byDefault = byDefault;
    this.meaning = meaning;
  }

  /** Whether the flag alone, without a value, means true. */
  boolean isSwitch() {
    return this == RETRY_BACKOFF || this == RETRY_AFTER || this == GZIP;
  }

  static Optional<Setting> ofFlag(String flag) {
    return Arrays.stream(values()).filter(setting -> setting.flag.equals(flag)).findFirst();
  }

  /** What -help prints. */
  public static String usage() {
    StringBuilder text = new StringBuilder("usage: webhook-forwarder -post-endpoint URL [flags]\n");
    for (Setting setting : values()) {
      text.append(String.format(Locale.ROOT, "  -%s (%s)%n", setting.flag, setting.variable));
      text.append("        ").append(setting.meaning);
      text.append(setting.byDefault.isEmpty() ? "\n" : " (default " + setting.byDefault + ")\n");
    }
    return text.toString();
  }
}
