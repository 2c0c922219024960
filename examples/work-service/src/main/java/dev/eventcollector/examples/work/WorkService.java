package dev.eventcollector.examples.work;

import dev.eventcollector.examples.work.api.WorkApi;
import dev.eventcollector.examples.work.consumer.ConsumerOptions;
import dev.eventcollector.examples.work.http.StatusPages;
import dev.eventcollector.examples.work.producer.ProducerOptions;
import dev.eventcollector.examples.work.program.CommonOptions;
import dev.eventcollector.examples.work.program.Deadline;
import dev.eventcollector.examples.work.program.Program;
import dev.eventcollector.examples.work.program.Service;
import dev.eventcollector.examples.work.program.Startable;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.storage.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** API, producer, consumer and scheduler in one process. */
@Command(
    name = "work-service",
    description = {
      "Runs the API, the producer, the consumer and the scheduler, and a broker and a database where"
          + " none is set.%n",
      "Every setting is a flag, or the environment variable that its value is named after. The flag"
          + " wins.%n"
    })
public final class WorkService implements Startable {

  private static final Logger LOGGER = LoggerFactory.getLogger(WorkService.class);
  private static final int DATABASE_CONNECTIONS_OF_API = 10;

  @Mixin private final WorkApi.Listening listening = new WorkApi.Listening();
  @Mixin private final CommonOptions.Queueing queueing = new CommonOptions.Queueing();
  @Mixin private final CommonOptions.Storing storing = new CommonOptions.Storing();
  @Mixin private final ProducerOptions producing = new ProducerOptions();
  @Mixin private final ConsumerOptions consuming = new ConsumerOptions();
  @Mixin private final CommonOptions.Ending ending = new CommonOptions.Ending();

  /** Runs it. */
  public static void main(String[] arguments) {
    Program.run(new WorkService(), arguments);
  }

  @Override
  public Service start() throws IOException {
    Database database = storing.open(DATABASE_CONNECTIONS_OF_API + consuming.databaseConnections());
    StatusPages status = new StatusPages();
    Service api;
    try {
      api = listening.serve(database, status);
    } catch (IOException e) {
      database.close();
      throw e;
    }
    Broker broker = queueing.broker();
    Service consumer = consuming.start(database, broker, status.metrics());
    Service producer =
        producing.start(
            broker,
            status.metrics(),
            () -> LOGGER.info("demanded as many works as were asked for"));
    status.readyWhenWell(List.of(database::trouble, consumer::trouble, producer::trouble));
    return deadline -> {
      boolean drained = api.drain(deadline);
      drained &= producer.drain(deadline);
      drained &= !broker.isEmbedded() || isEmpty(broker, deadline);
      drained &= consumer.drain(deadline);
      broker.close();
      database.close();
      return drained;
    };
  }

  /** What the embedded broker holds would be lost; any other keeps it for the next start. */
  private static boolean isEmpty(Broker broker, Deadline deadline) {
    try (var queues = dev.eventcollector.testkit.broker.Broker.at(broker.uri())) {
      int waiting = queues.messageCount(Queues.DEMANDS);
      while (waiting > 0 && !deadline.hasPassed()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        waiting = queues.messageCount(Queues.DEMANDS);
      }
      if (waiting > 0) {
        LOGGER.error("{} demand(s) are left in the embedded broker", waiting);
      }
      return waiting == 0;
    }
  }

  @Override
  public Duration drainTimeout() {
    return ending.drainTimeout();
  }
}
