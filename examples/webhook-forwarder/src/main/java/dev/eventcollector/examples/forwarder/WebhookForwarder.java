package dev.eventcollector.examples.forwarder;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Starts the forwarder: {@code webhook-forwarder -post-endpoint URL [flags]}. */
public final class WebhookForwarder {

  private static final Set<String> HELP = Set.of("-h", "--h", "-help", "--help");
  private static final int WRONG_SETTINGS = 2;

  private WebhookForwarder() {}

  /** Runs until SIGTERM, or until a batch is lost. */
  public static void main(String[] arguments) {
    if (List.of(arguments).stream().anyMatch(HELP::contains)) {
      System.out.print(Setting.usage());
      return;
    }
    try {
      Settings settings = Settings.from(List.of(arguments), System.getenv());
      chooseLog(settings);
      tuneHttpClient();
      // From here on there are loggers; before, their configuration was not known.
      ForwarderProcess.run(settings);
    } catch (InvalidSettingsException e) {
      System.err.println(e.getMessage());
      System.exit(WRONG_SETTINGS);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void chooseLog(Settings settings) {
    Path file = settings.logFile();
    if (file == null) {
      return;
    }
    try (OutputStream probe =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      System.setProperty("forwarder.log", file.toString());
      System.setProperty("logback.configurationFile", "logback-to-file.xml");
    } catch (IOException e) {
      throw new InvalidSettingsException(
          List.of(
              String.format(
                  Locale.ROOT,
                  "-log-file is \"%s\", but must be a file that can be written",
                  file)));
    }
  }

  /**
   * The JDK's HTTP client would wake up every 3 seconds with nothing to do, and keep connections
   * idle for longer than many a sink does.
   */
  private static void tuneHttpClient() {
    System.setProperty("jdk.internal.httpclient.selectorTimeout", "1200000"); // milliseconds
    System.setProperty("jdk.httpclient.keepalive.timeout", "4"); // seconds
  }
}
