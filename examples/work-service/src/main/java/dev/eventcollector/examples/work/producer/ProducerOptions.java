package dev.eventcollector.examples.work.producer;

import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.TimeRule;
import dev.eventcollector.examples.support.settings.WholeNumberRule;
import dev.eventcollector.examples.work.model.WorkDemand;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.queue.Queues;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The demand to send, and how often. */
public final class ProducerOptions {

  @Option(
      names = "--interval",
      paramLabel = "INTERVAL",
      defaultValue = "4s",
      converter = Interval.class,
      description = "How often a work is demanded. Defaults to ${DEFAULT-VALUE}.")
  private Duration interval = Duration.ZERO;

  @Option(
      names = "--add-up-to",
      paramLabel = "ADD_UP_TO",
      defaultValue = "2",
      converter = AddUpTo.class,
      description = "What each work adds up to. Defaults to ${DEFAULT-VALUE}.")
  private int addUpTo;

  @Option(
      names = "--count",
      paramLabel = "COUNT",
      defaultValue = "0",
      converter = Count.class,
      description = "How many works are demanded; 0 for ever more. Defaults to ${DEFAULT-VALUE}.")
  private int count;

  /** Between two demands. */
  public static final class Interval extends TimeRule {
    /** For picocli. */
    public Interval() {
      super("1ms", "1000h");
    }
  }

  /** The last number of a work. */
  public static final class AddUpTo extends WholeNumberRule {
    /** For picocli. */
    public AddUpTo() {
      super(1, WorkDemand.MAX);
    }
  }

  /** From 0 on. */
  public static final class Count extends WholeNumberRule {
    /** For picocli. */
    public Count() {
      super(0, Integer.MAX_VALUE);
    }
  }

  /** Starts to demand works; tells when all are demanded, if that is ever. */
  public Service start(Broker broker, MeterRegistry metrics, Runnable whenDone) {
    return DemandProducer.start(
        broker.collector("task-producer", metrics, null, Queues.DEMANDS),
        new DemandProducer.Plan(WorkDemand.of(addUpTo), interval, count),
        whenDone);
  }
}
