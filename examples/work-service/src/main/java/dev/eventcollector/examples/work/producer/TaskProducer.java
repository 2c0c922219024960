package dev.eventcollector.examples.work.producer;

import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.program.OpenParts;
import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.work.program.ServerProgram;
import dev.eventcollector.examples.work.program.StatusPort;
import dev.eventcollector.examples.work.queue.Broker;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The producer as a program of its own. */
@Command(
    name = "task-producer",
    description = {
      "Demands a work in pp_work_queue, again and again.%n",
      SettingsReader.HOW_TO_SET
    })
public final class TaskProducer extends ServerProgram {

  @Mixin private final BrokerUris.Setting queueing = new BrokerUris.Setting();
  @Mixin private final ProducerOptions producing = new ProducerOptions();
  @Mixin private final StatusPort showing = new StatusPort();

  /** Runs it. */
  public static void main(String[] arguments) {
    new TaskProducer().run(arguments);
  }

  @Override
  public Service start(OpenParts parts) throws IOException {
    StatusPages status = new StatusPages();
    Service server = showing.serve(status, parts);
    Broker broker = Broker.open(queueing, parts);
    Service producer = producing.start(broker, status.metrics(), Program::end);
    status.readyWhenWell(List.of(producer::trouble));
    return deadline -> {
      status.ending();
      boolean drained = producer.drain(deadline);
      return drained & server.drain(deadline);
    };
  }
}
