package dev.eventcollector.examples.webhooks;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the console appender of {@code logback.xml} write one JSON object per line. */
final class JsonLogs {

  private JsonLogs() {}

  static void use() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      Appender<ILoggingEvent> console =
          context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
      if (console instanceof OutputStreamAppender<ILoggingEvent> appender) {
        appender.setEncoder(encoder(context));
      }
    }
  }

  private static JsonEncoder encoder(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
