package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The behavior of a server (and of the stand-in) that publisher and worker rely on. */
abstract class FaktoryContract {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  static final Duration TIMEOUT = Duration.ofSeconds(10);

  TestServer server;
  String queue;

  /** Where the server is. */
  abstract String url();

  @BeforeEach
  void connect() {
    server = new TestServer(url());
    queue = server.newQueue();
  }

  @AfterEach
  void disconnect() {
    server.close();
  }

  FaktoryEventPublisherBuilder publisher() {
    return FaktoryEventPublisher.builder().url(server.url());
  }

  Event event(String id) {
    return new Event(id, queue, ("body of " + id).getBytes(), "text/plain", Map.of());
  }

  static List<Status> statuses(FaktoryEventPublisher publisher, Event... events) {
    return publisher.publish(List.of(events), TIMEOUT).stream().map(Outcome::status).toList();
  }

  private String job(String jid, String rest) {
    return "{\"jid\":\"%s\",\"queue\":\"%s\",\"jobtype\":\"t\",\"args\":[]%s}"
        .formatted(jid, queue, rest);
  }

  @Test
  void should_name_the_jobs_that_failed_when_several_are_pushed() {
    Reply reply =
        server.call(
            "PUSHB",
            "[%s,{\"jid\":\"short\",\"jobtype\":\"t\",\"args\":[]},%s]"
                .formatted(job("12345678a", ""), job("12345678b", ",\"reserve_for\":90000")));

    assertThat(((Reply.Bulk) reply).text())
        .contains("\"short\":\"jobs must have a reasonable jid parameter\"")
        .contains("\"12345678b\":\"jobs cannot be reserved for more than one day\"")
        .doesNotContain("12345678a");
    assertThat(server.size(queue)).isEqualTo(1);
  }

  @Test
  void should_take_none_when_one_has_a_wrong_type() {
    Reply reply =
        server.call(
            "PUSHB", "[" + job("12345678a", "") + "," + job("12345678b", ",\"at\":1") + "]");

    assertThat(reply.description()).startsWith("ERR invalid JSON");
    assertThat(server.size(queue)).isZero();
  }

  @Test
  void should_alter_large_numbers_and_drop_unknown_fields() {
    server.call(
        "PUSHB",
        "[" + job("12345678a", ",\"unknown\":1,\"custom\":{\"n\":9007199254740993}") + "]");

    assertThat(server.takeJson(queue)).contains("\"n\":9007199254740992").doesNotContain("unknown");
  }

  @Test
  void should_acknowledge_an_unknown_delivery_without_failing_it() {
    assertThat(server.call("ACK", "{\"jid\":\"no-such-job\"}").isOk()).isTrue();
    assertThat(server.call("FAIL", "{\"jid\":\"no-such-job\"}").description())
        .isEqualTo("ERR Job not found no-such-job");
  }

  @Test
  void should_not_know_a_worker_that_has_not_introduced_itself() {
    assertThat(server.call("BEAT", "{\"wid\":\"nobody\"}").description())
        .isEqualTo("ERR unknown worker nobody");
  }

  @Test
  void should_give_a_job_the_retries_of_another_when_push_is_used() {
    server.call("PUSH", job("12345678a", ",\"retry\":3"));
    server.call("PUSHB", "[" + job("12345678b", "") + "]");
    server.takeJson(queue);

    assertThat(server.takeJson(queue)).as("the fault that we work around").contains("\"retry\":3");
  }
}
