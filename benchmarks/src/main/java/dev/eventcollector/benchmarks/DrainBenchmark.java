package dev.eventcollector.benchmarks;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast a backlog goes once the broker is back, beside chunks of 1,000 that go at once. */
@Command(name = "drain", mixinStandardHelpOptions = true, showDefaultValues = true)
final class DrainBenchmark implements Callable<Integer> {

  private static final String QUEUE = "event-collector-benchmark-drain";
  private static final int CHUNK = 1_000;

  @Option(names = "--uri", required = true)
  private String uri = "";

  @Option(names = "--events")
  private int events = 100_000;

  @Option(names = "--rounds")
  private int rounds = 5;

  public static void main(String[] args) {
    System.exit(new CommandLine(new DrainBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    BrokerAccess broker = BrokerAccess.of(uri, null);
    broker.makeQueue(QUEUE, false);
    Switch toBroker = new Switch(RabbitMqEventPublisher.builder().uri(uri).build());
    double[] ratios = new double[rounds];
    try (PublishingEventCollector collector =
        PublishingEventCollector.builder(toBroker)
            .maxPendingEvents(events + CHUNK)
            .publishTimeout(Duration.ofSeconds(30))
            .firstRetryDelay(Duration.ofMillis(50))
            .maxRetryDelay(Duration.ofMillis(100))
            .build()) {
      System.out.println("| round | at once, events/s | backlog, events/s | ratio |");
      System.out.println("| --- | --- | --- | --- |");
      for (int i = -1; i < rounds; i++) { // the first is not counted
        broker.emptyQueues(List.of(QUEUE));
        double atOnce = publish(collector);
        broker.emptyQueues(List.of(QUEUE));
        toBroker.works = false;
        publish(collector);
        long start = System.nanoTime();
        toBroker.works = true;
        while (collector.state().owed() > 0) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        double drained = events / ((System.nanoTime() - start) / 1e9);
        if (i >= 0) {
          ratios[i] = drained / atOnce;
          System.out.printf(
              Locale.ROOT, "| %d | %,.0f | %,.0f | %.2f |%n", i + 1, atOnce, drained, ratios[i]);
        }
      }
    }
    broker.deleteQueues(List.of(QUEUE));
    Arrays.sort(ratios);
    System.out.printf(Locale.ROOT, "%nmedian of the ratios: %.2f%n", ratios[rounds / 2]);
    return 0;
  }

  private double publish(PublishingEventCollector collector) {
    byte[] body = new byte[300];
    long start = System.nanoTime();
    for (int i = 0; i < events; i += CHUNK) {
      for (int k = 0; k < CHUNK; k++) {
        collector.enqueueEvent(body, QUEUE);
      }
      collector.publish();
    }
    return events / ((System.nanoTime() - start) / 1e9);
  }

  /** Says that the broker is down, or asks it. */
  private static final class Switch implements EventPublisher {
    private final EventPublisher broker;
    private volatile boolean works = true;

    Switch(EventPublisher broker) {
      this.broker = broker;
    }

    @Override
    public void validate(Event event) {
      broker.validate(event);
    }

    @Override
    public List<Outcome> publish(List<Event> chunk, Duration timeout) {
      return works
          ? broker.publish(chunk, timeout)
          : Collections.nCopies(chunk.size(), Outcome.notSent("switched off"));
    }

    @Override
    public void close() {
      broker.close();
    }
  }
}
