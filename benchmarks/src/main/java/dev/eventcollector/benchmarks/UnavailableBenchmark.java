package dev.eventcollector.benchmarks;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Units of three events while the broker is known to be down; each is owed, then withdrawn. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UnavailableBenchmark {

  private static final class Down implements EventPublisher {
    @Override
    public List<Outcome> publish(List<Event> chunk, Duration timeout) {
      return Collections.nCopies(chunk.size(), Outcome.notSent("down"));
    }
  }

  private final byte[] body = new byte[300];
  private final PublishingEventCollector collector =
      PublishingEventCollector.builder(new Down()).publishTimeout(Duration.ofMillis(10)).build();

  /** Owes something, so that the collector knows. */
  @Setup
  public void fail() {
    collector.enqueueEvent(body, "orders");
    collector.publish();
    collector.enqueueEvent(body, "orders");
    collector.publish();
  }

  /** Ends the collector's threads. */
  @TearDown
  public void close() {
    collector.close(Duration.ZERO);
  }

  /** The publish and the withdrawal. */
  @Benchmark
  public int publishAndWithdraw() {
    for (int i = 0; i < 3; i++) {
      collector.enqueueEvent(body, "orders");
    }
    PublishReport report = collector.publish();
    return collector.withdraw(report);
  }
}
