package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.examples.work.http.StatusOptions;
import dev.eventcollector.examples.work.http.StatusPages;
import dev.eventcollector.examples.work.program.CommonOptions;
import dev.eventcollector.examples.work.program.Program;
import dev.eventcollector.examples.work.program.Service;
import dev.eventcollector.examples.work.program.Startable;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.storage.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The consumer as a program of its own, with the scheduler. */
@Command(
    name = "task-consumer",
    description = {
      "Does the works that are demanded in pp_work_queue, and those that the API has created, and"
          + " announces them in pp_work_done.%n",
      "Every setting is a flag, or the environment variable that its value is named after. The flag"
          + " wins.%n"
    })
public final class TaskConsumer implements Startable {

  @Mixin private final CommonOptions.Queueing queueing = new CommonOptions.Queueing();
  @Mixin private final CommonOptions.Storing storing = new CommonOptions.Storing();
  @Mixin private final ConsumerOptions consuming = new ConsumerOptions();
  @Mixin private final StatusOptions showing = new StatusOptions();
  @Mixin private final CommonOptions.Ending ending = new CommonOptions.Ending();

  /** Runs it. */
  public static void main(String[] arguments) {
    Program.run(new TaskConsumer(), arguments);
  }

  @Override
  public Service start() throws IOException {
    StatusPages status = new StatusPages();
    Service server = showing.serve(status);
    Database database = storing.open(consuming.databaseConnections());
    Broker broker = queueing.broker();
    Service consumer = consuming.start(database, broker, status.metrics());
    status.readyWhenWell(List.of(database::trouble, consumer::trouble));
    return deadline -> {
      status.ending();
      boolean drained = consumer.drain(deadline);
      broker.close();
      database.close();
      return drained & server.drain(deadline);
    };
  }

  @Override
  public Duration drainTimeout() {
    return ending.drainTimeout();
  }
}
