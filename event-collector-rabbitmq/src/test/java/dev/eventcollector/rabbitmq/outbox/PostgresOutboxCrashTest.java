package dev.eventcollector.rabbitmq.outbox;

import java.nio.file.Path;

class PostgresOutboxCrashTest extends OutboxCrashContract {
  @Override
  CrashDatabase database(Path folder) {
    return new CrashPostgres(folder);
  }
}
