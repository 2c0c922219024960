package dev.eventcollector.examples.support.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.slf4j.LoggerFactory;

/**
 * Changes the format and the place of the log, which goes to the standard output as plain text at
 * first. An app's {@code logback.xml} includes {@code
 * dev/eventcollector/examples/support/logging/console.xml}.
 */
public final class Logs {

  private Logs() {}

  /** From now on, each line is a JSON object. */
  public static void useJson() {
    change(
        (root, console) -> {
          LimitedJsonEncoder encoder = new LimitedJsonEncoder();
          encoder.setContext(root.getLoggerContext());
          encoder.start();
          console.setEncoder(encoder);
        });
  }

  /**
   * From now on, lines are appended to the file.
   *
   * @throws IOException when it cannot be written
   */
  public static void moveTo(Path file) throws IOException {
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    change(
        (root, console) -> {
          appender.setName(console.getName());
          appender.setContext(root.getLoggerContext());
          appender.setFile(file.toString());
          appender.setEncoder(console.getEncoder());
          appender.start();
          if (appender.isStarted()) {
            root.addAppender(appender);
            root.detachAppender(console);
          }
        });
    if (!appender.isStarted()) {
      throw new IOException(file + " cannot be written");
    }
  }

  private static void change(BiConsumer<Logger, OutputStreamAppender<ILoggingEvent>> change) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      if (root.getAppender("console") instanceof OutputStreamAppender<ILoggingEvent> console) {
        change.accept(root, console);
        return;
      }
    }
    throw new IllegalStateException("logback.xml does not include console.xml");
  }
}
