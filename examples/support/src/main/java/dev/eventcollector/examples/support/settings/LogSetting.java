package dev.eventcollector.examples.support.settings;

import dev.eventcollector.examples.support.logging.Logs;
import picocli.CommandLine.Option;

/** The format of the log: a mixin. */
public final class LogSetting {

  @Option(
      names = "--log-format",
      paramLabel = "LOG_FORMAT",
      defaultValue = "text",
      converter = Format.class,
      description = "text for people or json for machines. Defaults to ${DEFAULT-VALUE}.")
  private String format = "";

  /** {@code text} or {@code json}. */
  public static final class Format extends OneOfRule {
    /** For picocli. */
    public Format() {
      super("text", "json");
    }
  }

  /** {@code text} or {@code json}. */
  public String format() {
    return format;
  }

  /** From now on, the log has this format. */
  public void apply() {
    if (format.equals("json")) {
      Logs.useJson();
    }
  }
}
