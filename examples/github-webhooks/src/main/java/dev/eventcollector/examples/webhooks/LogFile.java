package dev.eventcollector.examples.webhooks;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Moves the log from the console of {@code logback.xml} to a new temporary file. */
final class LogFile {

  private LogFile() {}

  /** Where the log goes now: the name of the file, or the console if no file can be created. */
  static String use() {
    try {
      Path file = Files.createTempFile("github-webhooks-demo", ".log");
      moveTo(file);
      return file.toString();
    } catch (IOException e) {
      return "the console, as there is no temporary file (" + e.getMessage() + ")";
    }
  }

  private static void moveTo(Path file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    if (root.getAppender("console") instanceof OutputStreamAppender<ILoggingEvent> console) {
      FileAppender<ILoggingEvent> appender = new FileAppender<>();
      appender.setContext(context);
      appender.setFile(file.toString());
      appender.setEncoder(console.getEncoder());
      appender.start();
      root.addAppender(appender);
      root.detachAppender(console);
    }
  }
}
