package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.work.program.Rules;
import dev.eventcollector.examples.work.program.Service;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.WorkStore;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How demands are done; starts consumer and scheduler. */
public final class ConsumerOptions {

  private static final String NAME = "task-consumer";
  private static final int CONNECTIONS_OF_OTHERS = 3;

  /** The largest demand takes 17 minutes. */
  private static final Duration LONGEST_DEMAND = Duration.ofMinutes(20);

  @Option(
      names = "--concurrency",
      paramLabel = "CONCURRENCY",
      defaultValue = "4",
      converter = Rules.Concurrency.class,
      description = "How many demands are done at a time. Defaults to ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--step",
      paramLabel = "STEP",
      defaultValue = "100ms",
      converter = Rules.AnyTime.class,
      description =
          "How long adding a number takes; 0ms for no time. Defaults to ${DEFAULT-VALUE}.")
  private Duration step = Duration.ZERO;

  @Option(
      names = "--scheduler",
      paramLabel = "SCHEDULER",
      defaultValue = "on",
      converter = Rules.Switch.class,
      description = "on to do the API's works too, or off. Defaults to ${DEFAULT-VALUE}.")
  private String scheduler = "";

  @Option(
      names = "--scheduler-interval",
      paramLabel = "SCHEDULER_INTERVAL",
      defaultValue = "1s",
      converter = Rules.Interval.class,
      description = "How often to look for works of the API's. Defaults to ${DEFAULT-VALUE}.")
  private Duration schedulerInterval = Duration.ZERO;

  @Option(
      names = "--scheduler-max-age",
      paramLabel = "SCHEDULER_MAX_AGE",
      defaultValue = "6h",
      converter = Rules.Interval.class,
      description =
          "Works of the API's that are older are left alone. Defaults to ${DEFAULT-VALUE}.")
  private Duration schedulerMaxAge = Duration.ZERO;

  @Option(
      names = "--demand-memory",
      paramLabel = "DEMAND_MEMORY",
      defaultValue = "168h",
      converter = Rules.Memory.class,
      description =
          "How long a demand that comes again is recognised after it was done. Defaults to"
              + " ${DEFAULT-VALUE}, a week.")
  private Duration demandMemory = Duration.ZERO;

  @Option(
      names = "--outbox-lease",
      paramLabel = "OUTBOX_LEASE",
      defaultValue = "30s",
      converter = Rules.Lease.class,
      description =
          "How long after the death of a consumer another one publishes its announcements."
              + " Defaults to ${DEFAULT-VALUE}.")
  private Duration outboxLease = Duration.ZERO;

  /** How many connections to the database it can use at a time. */
  public int databaseConnections() {
    return concurrency + CONNECTIONS_OF_OTHERS;
  }

  /** Starts to consume. The broker may come later: it is tried until it is there. */
  public Service start(Database database, Broker broker, MeterRegistry metrics) {
    WorkStore works = database.works();
    Clock clock = Clock.systemUTC();
    JdbcOutbox outbox =
        JdbcOutbox.builder(database.pool()).inboxRetention(demandMemory).lease(outboxLease).build();
    PublishingEventCollector events = broker.collector(NAME, metrics, outbox, Queues.DONE);
    DemandHandler handler = new DemandHandler(outbox, works, step, clock, metrics);
    RabbitMqWorker worker =
        broker
            .worker(NAME, Queues.DEMANDS, events, handler)
            .concurrency(concurrency)
            .attemptTimeout(LONGEST_DEMAND)
            .listener(new DeliveryCounts(metrics))
            .start();
    Service others =
        scheduler.equals("on")
            ? WorkScheduler.start(
                outbox,
                works,
                events,
                new WorkScheduler.Timing(schedulerInterval, schedulerMaxAge, step),
                clock,
                metrics.counter("work.scheduler.works"))
            : deadline -> true;
    return new Consumer(worker, others, events, database.isEmbedded());
  }
}
