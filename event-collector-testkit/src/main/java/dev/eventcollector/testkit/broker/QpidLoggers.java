package dev.eventcollector.testkit.broker;

import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lowers the embedded broker's loggers to ERROR, unless the user has set a level for them. A test
 * project without a logging configuration would drown in DEBUG lines otherwise.
 */
final class QpidLoggers {

  private static final String NAME = "org.apache.qpid";
  private static final String SIMPLE_LOGGER_PROPERTY = "org.slf4j.simpleLogger.log." + NAME;
  private static final java.util.logging.Logger JUL = java.util.logging.Logger.getLogger(NAME);

  private QpidLoggers() {}

  static void quieten() {
    if (System.getProperty(SIMPLE_LOGGER_PROPERTY) == null) {
      System.setProperty(SIMPLE_LOGGER_PROPERTY, "error");
    }
    if (JUL.getLevel() == null) {
      JUL.setLevel(Level.SEVERE);
    }
    Logger logger = LoggerFactory.getLogger(NAME);
    if (logger.getClass().getName().equals("ch.qos.logback.classic.Logger")) {
      quietenLogback(logger);
    }
  }

  // By reflection, so that Logback does not become a dependency. Log4j 2 logs errors only anyway.
  private static void quietenLogback(Logger logger) {
    try {
      Class<?> level = Class.forName("ch.qos.logback.classic.Level");
      if (logger.getClass().getMethod("getLevel").invoke(logger) == null) {
        logger
            .getClass()
            .getMethod("setLevel", level)
            .invoke(logger, level.getField("ERROR").get(null));
      }
    } catch (ReflectiveOperationException e) {
      logger.debug("the embedded broker's loggers keep their level", e);
    }
  }
}
