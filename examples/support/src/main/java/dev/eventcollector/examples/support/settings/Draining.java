package dev.eventcollector.examples.support.settings;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How an app ends: a mixin. */
public final class Draining {

  @Option(
      names = "--drain-timeout",
      paramLabel = "DRAIN_TIMEOUT",
      defaultValue = "10s",
      converter = Limit.class,
      description =
          "How long, after a SIGTERM, to finish work in progress. Defaults to ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ZERO;

  /** From nothing to an hour. */
  public static final class Limit extends TimeRule {
    /** For picocli. */
    public Limit() {
      super("0s", "60m");
    }
  }

  /** The time between the signal and the end. */
  public Duration timeout() {
    return timeout;
  }
}
