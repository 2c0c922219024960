package dev.eventcollector.rabbitmq.outbox;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("mariadb")
class MariaDbOutboxCrashTest extends OutboxCrashContract {
  @Override
  CrashDatabase database(Path folder) {
    return new CrashMariaDb(folder);
  }
}
