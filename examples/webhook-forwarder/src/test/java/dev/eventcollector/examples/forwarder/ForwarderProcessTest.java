package dev.eventcollector.examples.forwarder;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.testing.ClosedPort;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole app as a process, against a sink that the test controls. */
@Timeout(180)
class ForwarderProcessTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  @TempDir private Path directory;
  private TestSink sink;

  @BeforeEach
  void startSink() throws IOException {
    sink = new TestSink();
  }

  @AfterEach
  void stopSink() throws IOException {
    sink.close();
  }

  @Test
  void should_forward_arrays_of_exactly_10_and_the_rest_when_terminated() throws Exception {
    Map<String, String> environment =
        Map.of("WEBHOOK_POST_ENDPOINT", sink.url(), "WEBHOOK_BATCH_INTERVAL", "0", "PORT", "0");
    try (App app = App.launch(environment)) {
      post(app, 1, 25);
      await().atMost(60, SECONDS).until(() -> sink.received().size() == 2);
      assertThat(sink.bodies()).containsExactly(array(1, 10), array(11, 20));

      assertThat(app.terminate().exitCode()).isZero();
      assertThat(sink.bodies()).containsExactly(array(1, 10), array(11, 20), array(21, 25));
      assertThat(app.awaitLine(": stopped"))
          .contains("received=25 found_in_spool=0 forwarded=25 held=0 lost=0 spooled=0");
    }
  }

  @Test
  void should_forward_a_batch_that_is_not_full_after_the_interval() throws Exception {
    Map<String, String> environment =
        Map.of("WEBHOOK_POST_ENDPOINT", sink.url(), "WEBHOOK_BATCH_INTERVAL", "1s", "PORT", "0");
    try (App app = App.launch(environment)) {
      app.get("/readyz"); // the first request takes long
      long start = System.nanoTime();
      post(app, 1, 1);

      await().atMost(60, SECONDS).until(() -> sink.received().size() == 1);
      assertThat(sink.bodies()).containsExactly(array(1, 1));
      assertThat(Duration.ofNanos(sink.received().get(0).nanoTime() - start))
          .as("it has waited for its interval")
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void should_exit_with_1_and_say_how_many_are_lost_when_a_batch_fails_four_times()
      throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    sink.then(TestSink.after(latch, TestSink.status(500))).otherwise(TestSink.status(500));
    try (App app =
        App.start(sink, "-batch-size", "3", "-batch-interval", "0", "-retry-delay", "200ms")) {
      post(app, 1, 5);
      latch.countDown();

      assertThat(app.exitCode()).isEqualTo(1);
      assertThat(sink.bodies()).containsExactly(array(1, 3), array(1, 3), array(1, 3), array(1, 3));
      assertThat(app.lines(Pattern.compile("batch not accepted"))).hasSize(4);
      app.awaitLine("batch given up size=3 reason=\"the sink answered 500, at attempt 4\"");
      app.awaitLine("5 records are lost");
      assertThat(app.awaitLine(": stopped"))
          .contains("stopped received=5 found_in_spool=0 forwarded=0 held=0 lost=5");
    }
  }

  @Test
  void should_go_on_without_loss_when_the_sink_comes_back_before_the_last_retry() throws Exception {
    sink.close();
    try (ClosedPort port = ClosedPort.any();
        App app =
            App.start(
                "http://127.0.0.1:" + port.number(),
                "-batch-size",
                "1",
                "-retry-delay",
                "1s",
                "-retries",
                "99")) {
      post(app, 1, 1);
      app.awaitLine("ConnectException");
      assertThat(app.get("/readyz").statusCode()).isEqualTo(503);
      port.close();
      sink = new TestSink(port.number());

      await().until(() -> app.metric("records_forwarded_total") == 1);
      assertThat(sink.bodies()).containsExactly(array(1, 1));
      assertThat(app.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(app.metric("records_lost_total")).isZero();
      assertThat(app.terminate().exitCode()).isZero();
    }
  }

  @Test
  void should_answer_503_at_once_when_the_buffer_is_full_and_201_until_then() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    sink.otherwise(TestSink.after(latch, TestSink.status(200)));
    try (App app =
        App.start(sink, "-batch-size", "2", "-batch-interval", "0", "-buffer-records", "5")) {
      post(app, 1, 5);
      long start = System.nanoTime();
      HttpResponse<String> refused = app.post(record(6));

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(app.get("/readyz").body()).contains("the buffer is full");
      assertThat(app.metric("records_held")).isEqualTo(5);
      latch.countDown();

      await().atMost(60, SECONDS).until(() -> app.metric("records_forwarded_total") == 4);
      post(app, 6, 6);
      await().atMost(60, SECONDS).until(() -> sink.received().size() == 3);
      assertThat(sink.bodies()).containsExactly(array(1, 2), array(3, 4), array(5, 6));
    }
  }

  @Test
  void should_forward_held_records_and_exit_with_0_when_terminated() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    sink.then(TestSink.after(latch, TestSink.status(200)), TestSink.status(500));
    try (App app =
        App.start(sink, "-batch-size", "2", "-batch-interval", "0", "-retry-delay", "10ms")) {
      post(app, 1, 5);
      await().until(() -> sink.received().size() == 1);
      app.terminate();
      app.awaitLine("stopping held=5");
      latch.countDown();

      assertThat(app.exitCode()).isZero();
      assertThat(sink.bodies()).containsExactly(array(1, 2), array(3, 4), array(3, 4), array(5, 5));
    }
  }

  @Test
  void should_exit_with_1_and_say_how_many_are_left_when_the_drain_timeout_passes()
      throws Exception {
    sink.otherwise(TestSink.hang());
    try (App app = App.start(sink, "-batch-size", "2", "-drain-timeout", "300ms")) {
      post(app, 1, 3);
      await().until(() -> sink.received().size() == 1);

      assertThat(app.terminate().exitCode()).isEqualTo(1);
      app.awaitLine("3 records were not forwarded before the drain timeout of 300ms");
      app.awaitLine("received=3 found_in_spool=0 forwarded=0 held=3 lost=0 spooled=0");
    }
  }

  @Test
  void should_spool_and_go_on_when_a_batch_is_given_up_and_send_it_at_the_next_start()
      throws Exception {
    Path spool = directory.resolve("spool.jsonl");
    sink.otherwise(TestSink.status(500));
    String[] flags = {
      "-batch-size",
      "2",
      "-batch-interval",
      "0",
      "-retry-delay",
      "1ms",
      "-spool-file",
      spool.toString()
    };
    try (App app = App.start(sink, flags)) {
      post(app, 1, 2);
      app.awaitLine("batch spooled size=2 spooled=2");
      post(app, 3, 3);
      assertThat(app.metric("records_spooled")).isEqualTo(2);

      assertThat(app.terminate().exitCode()).as("one could not be forwarded").isEqualTo(1);
      app.awaitLine("received=3 found_in_spool=0 forwarded=0 held=0 lost=0 spooled=3");
      assertThat(Files.readAllLines(spool)).containsExactly(record(1), record(2), record(3));
    }
    try (TestSink works = new TestSink();
        App app = App.start(works, flags)) {
      await().atMost(60, SECONDS).until(() -> app.metric("records_forwarded_total") == 3);
      assertThat(works.bodies()).containsExactly(array(1, 2), array(3, 3));
      assertThat(app.terminate().exitCode()).isZero();
      app.awaitLine("received=0 found_in_spool=3 forwarded=3 held=0 lost=0 spooled=0");
      assertThat(spool).isEmptyFile();
    }
  }

  @Test
  void should_spool_records_in_flight_and_waiting_ones_when_the_drain_timeout_passes()
      throws Exception {
    Path spool = directory.resolve("spool.jsonl");
    sink.otherwise(TestSink.hang());
    try (App app =
        App.start(sink, "-batch-size", "2", "-drain-timeout", "300ms", "-spool-file=" + spool)) {
      post(app, 1, 3);
      await().until(() -> sink.received().size() == 1);

      assertThat(app.terminate().exitCode()).isEqualTo(1);
      app.awaitLine("received=3 found_in_spool=0 forwarded=0 held=0 lost=0 spooled=3");
      assertThat(Files.readAllLines(spool)).containsExactly(record(1), record(2), record(3));
    }
  }

  @Test
  void should_send_the_spool_when_a_later_batch_is_accepted() throws Exception {
    sink.then(TestSink.status(500));
    try (App app =
        App.start(
            sink,
            "-batch-size",
            "1",
            "-retries",
            "0",
            "-spool-file",
            directory.resolve("spool.jsonl").toString())) {
      post(app, 1, 1);
      app.awaitLine("batch spooled");
      post(app, 2, 2);

      await().atMost(60, SECONDS).until(() -> sink.received().size() == 3);
      assertThat(sink.bodies()).containsExactly(array(1, 1), array(2, 2), array(1, 1));
      await().until(() -> app.metric("records_spooled") == 0);
    }
  }

  @Test
  void should_post_side_by_side_when_several_batches_may_be_in_flight() throws Exception {
    sink.otherwise(TestSink.hang());
    try (App app = App.start(sink, "-batch-size", "1", "-in-flight", "3")) {
      post(app, 1, 4);

      await().atMost(60, SECONDS).until(() -> sink.received().size() == 3);
      assertThat(app.metric("records_held")).isEqualTo(4);
    }
  }

  @Test
  void should_exit_with_2_and_name_every_wrong_setting() throws Exception {
    try (App app =
        App.launch(
            Map.of("WEBHOOK_BATCH_SIZE", "x"),
            "-batch-interval=-1s",
            "-post-endpoint",
            "http://sink.example")) {
      assertThat(app.exitCode()).isEqualTo(2);
      assertThat(app.output())
          .containsExactlyInAnyOrder(
              "webhook-forwarder: --batch-size (WEBHOOK_BATCH_SIZE): 'x' must be a whole number from 0 to 8388608",
              "webhook-forwarder: --batch-interval (WEBHOOK_BATCH_INTERVAL): '-1s' must be a time such as 500ms, 5s or 1m30s, from 0s to 2562047h");
    }
  }

  @Test
  void should_exit_with_1_and_one_line_when_the_port_is_taken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0);
        App app =
            App.launch(
                Map.of(),
                "-post-endpoint",
                sink.url(),
                "-port",
                String.valueOf(taken.getLocalPort()))) {
      assertThat(app.exitCode()).isEqualTo(1);
      assertThat(app.lines(Pattern.compile("^webhook-forwarder: ")))
          .singleElement()
          .asString()
          .contains("in use");
    }
  }

  @Test
  void should_write_the_log_to_a_file_when_told_to() throws Exception {
    Path log = directory.resolve("forwarder.log");
    try (App app =
        App.launch(
            Map.of("WEBHOOK_LOG_FILE", log.toString()),
            "-post-endpoint",
            sink.url(),
            "-port",
            "0")) {
      await()
          .atMost(60, SECONDS)
          .until(() -> Files.exists(log) && Files.readString(log).contains("listening on"));
      assertThat(app.terminate().exitCode()).isZero();
      assertThat(app.output()).isEmpty();
      assertThat(Files.readString(log)).contains(": stopped");
    }
  }

  private static void post(App app, int from, int to) {
    for (int i = from; i <= to; i++) {
      assertThat(app.post(record(i)).statusCode()).isEqualTo(201);
    }
  }

  private static String record(int userId) {
    return "{\"user_id\":" + userId + "}";
  }

  private static String array(int from, int to) {
    List<String> records =
        IntStream.rangeClosed(from, to).mapToObj(ForwarderProcessTest::record).toList();
    return "[" + String.join(",", records) + "]";
  }
}
