package dev.eventcollector.examples.work;

import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.support.program.OpenParts;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.support.settings.Listening;
import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.work.api.ApiHandler;
import dev.eventcollector.examples.work.api.WorkApi;
import dev.eventcollector.examples.work.consumer.ConsumerOptions;
import dev.eventcollector.examples.work.producer.ProducerOptions;
import dev.eventcollector.examples.work.program.ServerProgram;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.queue.EmbeddedDemands;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.DatabaseUrl;
import java.io.IOException;
import java.util.List;
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
      SettingsReader.HOW_TO_SET
    })
public final class WorkService extends ServerProgram {

  private static final Logger LOGGER = LoggerFactory.getLogger(WorkService.class);
  private static final int DATABASE_CONNECTIONS_OF_API = 10;

  @Mixin private final Listening listening = new Listening(WorkApi.PORT);
  @Mixin private final BrokerUris.Setting queueing = new BrokerUris.Setting();
  @Mixin private final DatabaseUrl.Setting storing = new DatabaseUrl.Setting();
  @Mixin private final ProducerOptions producing = new ProducerOptions();
  @Mixin private final ConsumerOptions consuming = new ConsumerOptions();

  /** Runs it. */
  public static void main(String[] arguments) {
    new WorkService().run(arguments);
  }

  @Override
  public Service start(OpenParts parts) throws IOException {
    Database database =
        storing.open(DATABASE_CONNECTIONS_OF_API + consuming.databaseConnections(), parts);
    StatusPages status = new StatusPages();
    Service api = parts.add(ApiHandler.serve(listening, database, status));
    Broker broker = Broker.open(queueing, parts);
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
      return drained & drain(consumer, broker, deadline);
    };
  }

  /** The embedded broker would lose its messages; any other keeps them for the next start. */
  private static boolean drain(Service consumer, Broker broker, Deadline deadline) {
    if (!broker.isEmbedded()) {
      return consumer.drain(deadline);
    }
    EmbeddedDemands demands = new EmbeddedDemands(broker.uri());
    demands.await(Deadline.in(deadline.left().dividedBy(2))); // the consumer needs the rest
    boolean drained = consumer.drain(deadline);
    return demands.areDone() & drained;
  }
}
