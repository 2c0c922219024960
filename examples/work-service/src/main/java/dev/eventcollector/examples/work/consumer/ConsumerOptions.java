package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.OneOfRule;
import dev.eventcollector.examples.support.settings.TimeRule;
import dev.eventcollector.examples.support.settings.WholeNumberRule;
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
      converter = Concurrency.class,
      description = "How many demands are done at a time. Defaults to ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--step",
      paramLabel = "STEP",
      defaultValue = "100ms",
      converter = Step.class,
      description =
          "How long adding a number takes; 0ms for no time. Defaults to ${DEFAULT-VALUE}.")
  private Duration step = Duration.ZERO;

  @Option(
      names = "--scheduler",
      paramLabel = "SCHEDULER",
      defaultValue = "on",
      converter = OneOfRule.OnOrOff.class,
      description = "on to do the API's works too, or off. Defaults to ${DEFAULT-VALUE}.")
  private String scheduler = "";

  @Option(
      names = "--scheduler-interval",
      paramLabel = "SCHEDULER_INTERVAL",
      defaultValue = "1s",
      converter = Interval.class,
      description = "How often to look for works of the API's. Defaults to ${DEFAULT-VALUE}.")
  private Duration schedulerInterval = Duration.ZERO;

  @Option(
      names = "--scheduler-max-age",
      paramLabel = "SCHEDULER_MAX_AGE",
      defaultValue = "6h",
      converter = Interval.class,
      description =
          "Works of the API's that are older are left alone. Defaults to ${DEFAULT-VALUE}.")
  private Duration schedulerMaxAge = Duration.ZERO;

  @Option(
      names = "--demand-memory",
      paramLabel = "DEMAND_MEMORY",
      defaultValue = "168h",
      converter = Memory.class,
      description =
          "How long a demand that comes again is recognised after it was done. Defaults to"
              + " ${DEFAULT-VALUE}, a week.")
  private Duration demandMemory = Duration.ZERO;

  @Option(
      names = "--outbox-lease",
      paramLabel = "OUTBOX_LEASE",
      defaultValue = "30s",
      converter = Lease.class,
      description =
          "How long after the death of a consumer another one publishes its announcements."
              + " Defaults to ${DEFAULT-VALUE}.")
  private Duration outboxLease = Duration.ZERO;

  /** Threads, each with a connection to the database. */
  public static final class Concurrency extends WholeNumberRule {
    /** For picocli. */
    public Concurrency() {
      super(1, 100);
    }
  }

  /** From no time to a quarter of an hour. */
  public static final class Step extends TimeRule {
    /** For picocli. */
    public Step() {
      super("0ms", "15m");
    }
  }

  /** Between two rounds, or a bound of age. */
  public static final class Interval extends TimeRule {
    /** For picocli. */
    public Interval() {
      super("1ms", "1000h");
    }
  }

  /** A demand that fails is retried for 13 minutes, and may wait for its worker. */
  public static final class Memory extends TimeRule {
    /** For picocli. */
    public Memory() {
      super("1h", "1000h");
    }
  }

  /** The outbox's own rule. */
  public static final class Lease extends TimeRule {
    /** For picocli. */
    public Lease() {
      super("1s", "24h");
    }
  }

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
            .retryDelays(Queues.retryDelays().toArray(Duration[]::new))
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
    return new Consumer(worker, others, events, database);
  }
}
