package dev.eventcollector.benchmarks;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Collector, publisher and worker at full speed for a long time. Looks at the heap again and again,
 * and fails when what lives there has grown.
 */
@Command(name = "memory", mixinStandardHelpOptions = true, showDefaultValues = true)
final class MemoryBenchmark implements Callable<Integer> {

  private static final int CHUNK = 100;
  private static final int UNDER_WAY = 20_000;
  private static final int SHOWN = 8;

  @Option(names = "--uri", required = true, description = "amqp://user:password@host:port")
  private String uri = "";

  @Option(names = "--minutes", description = "after two that warm up")
  private int minutes = 30;

  @Option(names = "--looks", description = "how often the heap is looked at")
  private int looks = 10;

  @Option(names = "--at-most-megabytes", description = "fails when the live heap grows by more")
  private double atMostMegabytes = 2;

  private final Path seen = folder();
  private final Semaphore room = new Semaphore(UNDER_WAY);
  private final LongAdder handled = new LongAdder();
  private volatile boolean goesOn = true;

  public static void main(String[] args) {
    System.exit(new CommandLine(new MemoryBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    BrokerAccess broker = BrokerAccess.of(uri, null);
    broker.makeQueue(WorkerRound.IN, false);
    broker.makeQueue(WorkerRound.OUT, false);
    try (PublishingEventCollector events =
            PublishingEventCollector.builder(RabbitMqEventPublisher.builder().uri(uri).build())
                .build();
        RabbitMqWorker first = worker(events, WorkerRound.IN, WorkerRound.OUT);
        RabbitMqWorker second = worker(events, WorkerRound.OUT, "")) {
      Thread filler = new Thread(() -> fill(events), "filler");
      filler.start();
      TimeUnit.MINUTES.sleep(2);
      look(0);
      for (int i = 1; i <= looks; i++) {
        TimeUnit.SECONDS.sleep(minutes * 60L / looks);
        look(i);
      }
      goesOn = false;
      room.release(UNDER_WAY);
      filler.join();
      return compare() ? 0 : 1;
    } finally {
      broker.deleteQueues(
          List.of(
              WorkerRound.IN,
              WorkerRound.OUT,
              WorkerRound.IN + ".dead",
              WorkerRound.OUT + ".dead"));
    }
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("looks-at-the-heap");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RabbitMqWorker worker(PublishingEventCollector collector, String queue, String next) {
    return RabbitMqWorker.builder()
        .uri(uri)
        .queue(queue)
        .retryDelays()
        .collector(collector)
        .listener(
            new RabbitMqWorkerListener() {
              @Override
              public void onCompleted(Delivery delivery, Duration took) {
                if (next.isEmpty()) {
                  room.release();
                  handled.increment();
                }
              }
            })
        .handler(
            (delivery, events) -> {
              if (!next.isEmpty()) {
                events.enqueueEvent(delivery.body(), next);
              }
            })
        .start();
  }

  private void fill(PublishingEventCollector events) {
    byte[] body = new byte[300];
    while (goesOn) {
      room.acquireUninterruptibly(CHUNK);
      for (int i = 0; i < CHUNK; i++) {
        events.enqueueEvent(body, WorkerRound.IN);
      }
      events.publish();
    }
  }

  /** Keeps what it sees on the disk, as it would grow on the heap. */
  private void look(int number) throws Exception {
    Map<String, Long> byClass = LiveHeap.byClass();
    System.out.printf(
        Locale.ROOT,
        "look %d: %.2f MB live, %,d messages through both workers%n",
        number,
        LiveHeap.sum(byClass) / 1e6,
        handled.sum());
    Path look = seen.resolve(String.valueOf(number));
    look.toFile().deleteOnExit();
    Files.write(
        look, byClass.entrySet().stream().map(one -> one.getValue() + " " + one.getKey()).toList());
  }

  private Map<String, Long> seen(int number) {
    try {
      return Files.readAllLines(seen.resolve(String.valueOf(number))).stream()
          .map(line -> line.split(" ", 2))
          .collect(Collectors.toMap(parts -> parts[1], parts -> Long.valueOf(parts[0])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The lowest of the first half beside the lowest of the second: what is under way comes and goes.
   */
  private boolean compare() {
    List<Map<String, Long>> all = IntStream.rangeClosed(0, looks).mapToObj(this::seen).toList();
    List<Map<String, Long>> early = all.subList(0, all.size() / 2);
    List<Map<String, Long>> late = all.subList(all.size() / 2, all.size());
    System.out.println("classes whose live bytes grew most, lowest of each half:");
    late.get(late.size() - 1).keySet().stream()
        .sorted(Comparator.comparingLong(name -> lowest(early, name) - lowest(late, name)))
        .limit(SHOWN)
        .forEach(
            name ->
                System.out.printf(
                    Locale.ROOT,
                    "  %,d to %,d  %s%n",
                    lowest(early, name),
                    lowest(late, name),
                    name));
    double grown = (lowest(late) - lowest(early)) / 1e6;
    System.out.printf(
        Locale.ROOT, "the live heap grew by %.2f MB (at most %s)%n", grown, atMostMegabytes);
    return grown <= atMostMegabytes;
  }

  private static long lowest(List<Map<String, Long>> looks, String name) {
    return looks.stream().mapToLong(look -> look.getOrDefault(name, 0L)).min().orElse(0);
  }

  private static long lowest(List<Map<String, Long>> looks) {
    return looks.stream().mapToLong(LiveHeap::sum).min().orElse(0);
  }
}
