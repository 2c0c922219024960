package dev.eventcollector.benchmarks;

import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A unit of three events on each of many virtual threads, beside 64 platform threads. */
@Command(name = "virtual-threads", mixinStandardHelpOptions = true, showDefaultValues = true)
final class VirtualThreadsBenchmark implements Callable<Integer> {

  private static final String QUEUE = "event-collector-benchmark-virtual";
  private static final int EVENTS = 3;
  private static final int PLATFORM_THREADS = 64;

  @Option(names = "--uri", required = true)
  private String uri = "";

  @Option(names = "--units")
  private int units = 10_000;

  @Option(names = "--rounds")
  private int rounds = 5;

  public static void main(String[] args) {
    System.exit(new CommandLine(new VirtualThreadsBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    BrokerAccess broker = BrokerAccess.of(uri, null);
    broker.makeQueue(QUEUE, false);
    double[] ratios = new double[rounds];
    Path file = Files.createTempFile("pinned", ".jfr");
    try (Recording recording = new Recording();
        PublishingEventCollector collector =
            PublishingEventCollector.builder(RabbitMqEventPublisher.builder().uri(uri).build())
                .publishTimeout(Duration.ofSeconds(60))
                .build()) {
      recording
          .enable("jdk.VirtualThreadPinned")
          .withThreshold(Duration.ofMillis(1))
          .withStackTrace();
      recording.start();
      System.out.println(
          "| round | 64 platform threads, events/s | virtual threads, events/s | ratio |");
      System.out.println("| --- | --- | --- | --- |");
      for (int i = -1; i < rounds; i++) { // the first is not counted
        double platform = publish(collector, Executors.newFixedThreadPool(PLATFORM_THREADS));
        broker.emptyQueues(List.of(QUEUE));
        double virtual = publish(collector, virtualThreads());
        broker.emptyQueues(List.of(QUEUE));
        if (i >= 0) {
          ratios[i] = virtual / platform;
          System.out.printf(
              Locale.ROOT, "| %d | %,.0f | %,.0f | %.2f |%n", i + 1, platform, virtual, ratios[i]);
        }
      }
      recording.stop();
      recording.dump(file);
    }
    broker.deleteQueues(List.of(QUEUE));
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%nmedian of the ratios: %.2f; pinned for 1 ms or longer with a frame of ours: %d times%n",
        ratios[rounds / 2],
        pinned(file));
    return 0;
  }

  /** Not there before JDK 21, for which this is not compiled. */
  private static ExecutorService virtualThreads() throws ReflectiveOperationException {
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  private double publish(PublishingEventCollector collector, ExecutorService threads)
      throws Exception {
    byte[] body = new byte[300];
    List<Future<PublishReport>> reports = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < units; i++) {
      reports.add(
          threads.submit(
              () -> {
                for (int k = 0; k < EVENTS; k++) {
                  collector.enqueueEvent(body, QUEUE);
                }
                return collector.publish();
              }));
    }
    for (Future<PublishReport> report : reports) {
      if (!report.get().allConfirmed()) {
        throw new IllegalStateException(report.get().toString());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    threads.shutdown();
    return units * EVENTS / seconds;
  }

  private static long pinned(Path file) throws Exception {
    long count = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getStackTrace() != null
          && event.getStackTrace().getFrames().stream()
              .map(frame -> frame.getMethod().getType().getName())
              .anyMatch(
                  type ->
                      type.startsWith("dev.eventcollector.")
                          && !type.startsWith("dev.eventcollector.benchmarks."))) {
        count++;
        System.out.println(event);
      }
    }
    return count;
  }
}
