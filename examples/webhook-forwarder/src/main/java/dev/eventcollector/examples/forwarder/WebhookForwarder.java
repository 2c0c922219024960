package dev.eventcollector.examples.forwarder;

import dev.eventcollector.examples.forwarder.settings.Flags;
import dev.eventcollector.examples.forwarder.settings.Settings;
import dev.eventcollector.examples.support.logging.Logs;
import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Starts the forwarder: {@code webhook-forwarder -post-endpoint URL [flags]}. */
public final class WebhookForwarder {

  private static final String NAME = "webhook-forwarder";

  private WebhookForwarder() {}

  /** Runs until SIGTERM, or until a batch is lost. */
  public static void main(String[] arguments) {
    Program.run(
        NAME,
        () -> {
          Flags flags = Flags.read(System.getenv(), arguments);
          if (Program.print(flags.textToPrint())) {
            return;
          }
          Settings settings = flags.settings();
          flags.log().apply();
          moveLog(settings.logFile());
          tuneHttpClient();
          Program.serve(parts -> ForwarderService.start(settings, parts), settings.drainTimeout());
        });
  }

  private static void moveLog(@Nullable Path file) throws WrongSettingException {
    if (file == null) {
      return;
    }
    boolean isDevice = file.startsWith("/dev") || file.startsWith("/proc"); // such as /dev/stdout
    if (Files.exists(file) && !Files.isRegularFile(file) && !isDevice) {
      throw Flags.wrong(Flags.LOG_FILE, file, "a regular file");
    }
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      Logs.moveTo(file);
    } catch (IOException e) {
      throw Flags.wrong(Flags.LOG_FILE, file, "a file that can be written");
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
