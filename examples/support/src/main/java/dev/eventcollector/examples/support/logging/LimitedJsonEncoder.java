package dev.eventcollector.examples.support.logging;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;

/** Writes one JSON object per line, whose message is as long as in plain text at most. */
final class LimitedJsonEncoder extends JsonEncoder {

  private static final int MAX_CHARACTERS = 2_000;

  LimitedJsonEncoder() {
    setWithContext(false);
    setWithSequenceNumber(false);
    setWithNanoseconds(false);
    setWithMessage(false);
    setWithArguments(false);
    setWithFormattedMessage(true);
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return super.encode(
        message == null || message.length() <= MAX_CHARACTERS
            ? event
            : shortened(event, message.substring(0, MAX_CHARACTERS)));
  }

  private static ILoggingEvent shortened(ILoggingEvent event, String message) {
    LoggingEvent shorter = new LoggingEvent();
    shorter.setInstant(event.getInstant());
    shorter.setLevel(event.getLevel());
    shorter.setLoggerName(event.getLoggerName());
    shorter.setThreadName(event.getThreadName());
    shorter.setMessage(message);
    shorter.setMDCPropertyMap(event.getMDCPropertyMap());
    shorter.setKeyValuePairs(event.getKeyValuePairs());
    return shorter;
  }
}
