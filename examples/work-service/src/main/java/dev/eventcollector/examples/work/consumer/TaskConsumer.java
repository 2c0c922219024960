package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.program.OpenParts;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.work.program.ServerProgram;
import dev.eventcollector.examples.work.program.StatusPort;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.DatabaseUrl;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The consumer as a program of its own, with the scheduler. */
@Command(
    name = "task-consumer",
    description = {
      "Does the works that are demanded in pp_work_queue, and those that the API has created, and"
          + " announces them in pp_work_done.%n",
      SettingsReader.HOW_TO_SET
    })
public final class TaskConsumer extends ServerProgram {

  @Mixin private final BrokerUris.Setting queueing = new BrokerUris.Setting();
  @Mixin private final DatabaseUrl.Setting storing = new DatabaseUrl.Setting();
  @Mixin private final ConsumerOptions consuming = new ConsumerOptions();
  @Mixin private final StatusPort showing = new StatusPort();

  /** Runs it. */
  public static void main(String[] arguments) {
    new TaskConsumer().run(arguments);
  }

  @Override
  public Service start(OpenParts parts) throws IOException {
    StatusPages status = new StatusPages();
    Service server = showing.serve(status, parts);
    Database database = storing.open(consuming.databaseConnections(), parts);
    Broker broker = Broker.open(queueing, parts);
    Service consumer = consuming.start(database, broker, status.metrics());
    status.readyWhenWell(List.of(database::trouble, consumer::trouble));
    return deadline -> {
      status.ending();
      boolean drained = consumer.drain(deadline);
      return drained & server.drain(deadline);
    };
  }
}
