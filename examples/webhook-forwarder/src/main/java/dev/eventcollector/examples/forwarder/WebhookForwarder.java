package dev.eventcollector.examples.forwarder;

import dev.eventcollector.examples.forwarder.settings.InvalidSettingsException;
import dev.eventcollector.examples.forwarder.settings.Setting;
import dev.eventcollector.examples.forwarder.settings.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
      System.err.println(oneLine(e.getMessage()));
      System.exit(1);
    } catch (RuntimeException | Error e) {
      System.err.println("webhook-forwarder: " + oneLine(e.toString()));
      System.exit(1); // threads that were started would keep the process alive
    }
  }

  private static String oneLine(@Nullable String text) {
    return String.valueOf(text).replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
  }

  private static void chooseLog(Settings settings) {
    Path file = settings.logFile();
    if (file == null) {
      return;
    }
    boolean isDevice = file.startsWith("/dev") || file.startsWith("/proc"); // /dev/stdout, say
    if (Files.exists(file) && !Files.isRegularFile(file) && !isDevice) {
      throw new InvalidSettingsException(
          List.of(
              String.format(Locale.ROOT, "-log-file is \"%s\", but must be a regular file", file)));
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
