package dev.eventcollector.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class QpidLoggersTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger("org.apache.qpid");

  @AfterEach
  void restore() {
    logger.setLevel(Level.ERROR);
  }

  @Test
  void should_log_errors_only_when_the_user_has_set_no_level() {
    logger.setLevel(null);

    QpidLoggers.quieten();

    assertThat(logger.getLevel()).isEqualTo(Level.ERROR);
  }

  @Test
  void should_keep_the_level_when_the_user_has_set_one() {
    logger.setLevel(Level.DEBUG);

    QpidLoggers.quieten();

    assertThat(logger.getLevel()).isEqualTo(Level.DEBUG);
  }
}
