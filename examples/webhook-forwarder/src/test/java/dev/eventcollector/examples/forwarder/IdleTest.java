package dev.eventcollector.examples.forwarder;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class IdleTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Duration LONGER_THAN_THE_CLIENT_SLEEPS_BY_DEFAULT = Duration.ofMillis(3_500);

  @Test
  void should_let_its_threads_sleep_when_there_is_nothing_to_forward() throws Exception {
    try (TestSink sink = new TestSink();
        App app = App.start(sink, "-batch-interval", "50ms")) {
      app.awaitLine("listening on");
      await().until(() -> wakeUps(app).size() >= 2);
      AtomicReference<Map<String, Long>> before = new AtomicReference<>(Map.of());
      await()
          .during(LONGER_THAN_THE_CLIENT_SLEEPS_BY_DEFAULT)
          .until(
              () -> {
                Map<String, Long> now = wakeUps(app);
                return now.equals(before.getAndSet(now));
              });
    }
  }

  /** How often the threads that forward have gone to sleep so far. */
  private static Map<String, Long> wakeUps(App app) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", app.pid() + "", "task"))) {
      Map<String, Long> wakeUps = new TreeMap<>();
      threads.forEach(
          thread -> {
            String name = read(thread.resolve("comm")).trim();
            if (name.startsWith("forwarder-") || name.startsWith("HttpClient-")) {
              wakeUps.put(name, switches(read(thread.resolve("status"))));
            }
          });
      return wakeUps;
    }
  }

  private static long switches(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
        .sum();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // the thread has ended
    }
  }
}
