package dev.eventcollector.benchmarks;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.servlet.EventPublishingFilter;
import jakarta.servlet.FilterChain;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** The filter's cost for a request, with a request and a response that do nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FilterBenchmark {

  private final PublishingEventCollector collector =
      PublishingEventCollector.builder(new ConfirmingAtOnce()).build();
  private final EventPublishingFilter filter = new EventPublishingFilter(collector);
  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final FilterChain servlet = (req, res) -> req.getAttribute("x");

  /** Ends the collector's thread. */
  @TearDown
  public void close() {
    collector.close();
  }

  /** The servlet alone. */
  @Benchmark
  public void withoutFilter() throws Exception {
    servlet.doFilter(request, response);
  }

  /** The servlet behind the filter; it enqueues nothing. */
  @Benchmark
  public void withFilter() throws Exception {
    filter.doFilter(request, response, servlet);
  }
}
