package dev.eventcollector.examples.forwarder;

import java.io.IOException;
import java.util.List;
import java.util.Map;
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

  private static void chooseLog(Settings settings) throws IOException {
    if (settings.logFile() != null) {
      settings.logFile().toFile().createNewFile();
      System.setProperty("forwarder.log", settings.logFile().toString());
      System.setProperty("logback.configurationFile", "logback-to-file.xml");
    }
    // The JDK's HTTP client looks around every 3 s even when there is nothing to do; and it should
    // not keep idle connections for longer than sinks usually do.
    Map.of(
            "jdk.internal.httpclient.selectorTimeout", "1200000",
            "jdk.httpclient.keepalive.timeout", "4")
        .forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
  }
}
