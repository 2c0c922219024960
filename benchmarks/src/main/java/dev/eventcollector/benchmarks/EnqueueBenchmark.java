package dev.eventcollector.benchmarks;

import dev.eventcollector.PublishingEventCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of a unit of work without a broker, beside a list in a thread-local. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EnqueueBenchmark {

  private static final int EVENTS = 100;

  private final byte[] body = new byte[300];
  private final PublishingEventCollector collector =
      PublishingEventCollector.builder(new ConfirmingAtOnce()).build();
  private final UniqueIds ids = new UniqueIds();
  private final ThreadLocal<@Nullable List<Record>> local = new ThreadLocal<>();

  private record Record(
      String id, String queue, byte[] body, String contentType, Map<String, Object> headers) {}

  /** Ends the collector's thread. */
  @TearDown
  public void close() {
    collector.close();
  }

  /** 100 events into a unit of work, which is then cleared; for each event. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int enqueueEvent() {
    for (int i = 0; i < EVENTS; i++) {
      collector.enqueueEvent(body, "orders");
    }
    return collector.clearEventsToPublish();
  }

  /** 100 equal records with equally unique ids into a list, which is then dropped; for each. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int threadLocalList() {
    for (int i = 0; i < EVENTS; i++) {
      List<Record> records = local.get();
      if (records == null) {
        records = new ArrayList<>();
        local.set(records);
      }
      records.add(new Record(ids.next(), "orders", body, "application/octet-stream", Map.of()));
    }
    List<Record> records = local.get();
    local.remove();
    return records == null ? 0 : records.size();
  }

  /** A unit of work in which nothing is enqueued. */
  @Benchmark
  public int unitWithoutEvents() {
    return collector.unitsOfWork().call(() -> 1);
  }

  /** The smallest unit that publishes. */
  @Benchmark
  public Object unitWithOneEvent() {
    collector.enqueueEvent(body, "orders");
    return collector.publish();
  }
}
