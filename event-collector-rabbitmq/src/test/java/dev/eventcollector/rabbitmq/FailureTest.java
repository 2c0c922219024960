package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose headers a worker believes. */
class FailureTest {

  private static final Duration DELAY = Duration.ofMinutes(1);

  private static Map<String, Object> failedTwice(String queue) {
    BasicProperties properties = new BasicProperties.Builder().messageId("a").build();
    Failure failure = new Failure("fails", null);
    properties = failure.addedTo(properties, queue, DELAY);
    return failure.addedTo(properties, queue, DELAY).getHeaders();
  }

  private static int attempt(Map<String, Object> headers, String queue) {
    BasicProperties properties = new BasicProperties.Builder().headers(headers).build();
    return Failure.deliveryOf(queue, new Envelope(1, false, "", queue), properties, new byte[0])
        .attempt();
  }

  @Test
  void should_count_the_attempts_of_its_own_queue_only() {
    assertThat(attempt(failedTwice("orders"), "orders")).isEqualTo(3);
    assertThat(attempt(failedTwice("invoices"), "orders")).isEqualTo(1);
  }

  @Test
  void should_begin_anew_when_the_headers_name_no_queue() {
    Map<String, Object> headers = new HashMap<>(failedTwice("orders"));
    headers.remove(Failure.QUEUE);

    assertThat(attempt(headers, "orders")).isEqualTo(1);
  }

  @Test
  void should_not_wait_when_another_queue_has_set_the_time() {
    assertThat(Failure.millisUntilDue(failedTwice("orders"), "orders", DELAY)).isPositive();
    assertThat(Failure.millisUntilDue(failedTwice("invoices"), "orders", DELAY)).isZero();
  }

  @Test
  void should_forget_the_count_of_another_queue_when_it_fails_here() {
    BasicProperties there = new BasicProperties.Builder().headers(failedTwice("invoices")).build();

    Map<String, Object> here =
        new Failure("fails", null).addedTo(there, "orders", DELAY).getHeaders();

    assertThat(here).containsEntry(Failure.ATTEMPTS, 1).containsEntry(Failure.QUEUE, "orders");
    assertThat(attempt(here, "orders")).isEqualTo(2);
  }
}
