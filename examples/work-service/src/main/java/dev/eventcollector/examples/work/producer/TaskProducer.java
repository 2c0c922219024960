package dev.eventcollector.examples.work.producer;

import dev.eventcollector.examples.work.http.StatusOptions;
import dev.eventcollector.examples.work.http.StatusPages;
import dev.eventcollector.examples.work.program.CommonOptions;
import dev.eventcollector.examples.work.program.Program;
import dev.eventcollector.examples.work.program.Service;
import dev.eventcollector.examples.work.program.Startable;
import dev.eventcollector.examples.work.queue.Broker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The producer as a program of its own. */
@Command(
    name = "task-producer",
    description = {
      "Demands a work in pp_work_queue, again and again.%n",
      "Every setting is a flag, or the environment variable that its value is named after. The flag"
          + " wins.%n"
    })
public final class TaskProducer implements Startable {

  @Mixin private final CommonOptions.Queueing queueing = new CommonOptions.Queueing();
  @Mixin private final ProducerOptions producing = new ProducerOptions();
  @Mixin private final StatusOptions showing = new StatusOptions();
  @Mixin private final CommonOptions.Ending ending = new CommonOptions.Ending();

  /** Runs it. */
  public static void main(String[] arguments) {
    Program.run(new TaskProducer(), arguments);
  }

  @Override
  public Service start() throws IOException {
    StatusPages status = new StatusPages();
    Service server = showing.serve(status);
    Broker broker = queueing.broker();
    Service producer =
        producing.start(
            broker,
            status.metrics(),
            () -> new Thread(() -> System.exit(Program.SUCCEEDED)).start());
    status.readyWhenWell(List.of(producer::trouble));
    return deadline -> {
      status.ending();
      boolean drained = producer.drain(deadline);
      broker.close();
      return drained & server.drain(deadline);
    };
  }

  @Override
  public Duration drainTimeout() {
    return ending.drainTimeout();
  }
}
