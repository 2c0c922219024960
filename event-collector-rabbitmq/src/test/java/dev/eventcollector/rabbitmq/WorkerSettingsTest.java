package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventcollector.PublishingEventCollector;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class WorkerSettingsTest {

  /** So that nothing is connected to. */
  private static final String NOBODY = "amqp://guest:guest@localhost:1";

  private static RabbitMqWorkerBuilder worker() {
    return RabbitMqWorker.builder()
        .uri(NOBODY)
        .queue("orders")
        .collector(PublishingEventCollector.builder((chunk, timeout) -> List.of()).build())
        .handler((delivery, events) -> {});
  }

  private static void assertRefused(String problem, UnaryOperator<RabbitMqWorkerBuilder> setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> setting.apply(worker()).start())
        .withMessageContaining(problem);
  }

  @Test
  void should_refuse_queues_between_which_a_delivery_would_go_round() {
    assertRefused("deadQueue must differ from queue", b -> b.deadQueue("orders"));
    assertRefused(
        "deadQueue must differ from the retry queues",
        b -> b.deadQueue("orders.retry.5s").retryDelays(Duration.ofSeconds(5)));
    assertRefused("deadQueue must not be blank", b -> b.deadQueue(" "));
  }

  @Test
  void should_refuse_names_that_amqp_cannot_carry() {
    assertRefused(
        "queue must have at most 255 bytes in UTF-8, but has 300", b -> b.queue("x".repeat(300)));
    assertRefused(
        "queue of a retry delay must have at most 255 bytes in UTF-8, but has 257",
        b -> b.queue("x".repeat(248)).retryDelays(Duration.ofSeconds(1)));
    assertRefused("half a surrogate pair", b -> b.queue("orders\uD83D"));
  }

  @Test
  void should_refuse_delays_that_make_no_sense() {
    assertRefused("retryDelays must be", b -> b.retryDelays(ChronoUnit.FOREVER.getDuration()));
    assertRefused("retryDelays must be", b -> b.retryDelays(Duration.ofNanos(1)));
    assertRefused("holdLimit must be positive", b -> b.holdLimit(Duration.ZERO));
    assertRefused("prefetch must be", b -> b.prefetch(0));
    assertRefused("maxPrefetch must be", b -> b.maxPrefetch(70_000));
  }

  @Test
  void should_name_every_wrong_setting_when_a_delay_is_wrong_too_trap_27() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RabbitMqWorker.builder()
                    .retryDelays(Duration.ZERO, Duration.ofSeconds(1), Duration.ofHours(1))
                    .concurrency(0)
                    .start())
        .withMessageContaining("but one is PT0S")
        .withMessageContaining("but one is PT1H")
        .withMessageContaining("queue must be set")
        .withMessageContaining("handler must be set")
        .withMessageContaining("concurrency must be");
    assertRefused(
        "deadQueue must differ from queue",
        b -> b.deadQueue("orders").retryDelays(Duration.ZERO, Duration.ofSeconds(1)));
  }

  @Test
  void should_tell_queue_broker_and_trouble_when_printed() {
    RabbitMqWorker worker = worker().start();

    assertThat(worker.toString()).startsWith("RabbitMqWorker[orders at [amqp://localhost:1], ");
    worker.close(Duration.ofSeconds(1));
    assertThat(worker.toString()).contains("the worker is closed").doesNotContain("guest");
  }

  @Test
  void should_take_durations_of_any_length() {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    RabbitMqWorker worker =
        worker().attemptTimeout(forever).holdLimit(forever).stopTimeout(forever).start();

    assertThat(worker.close(forever)).isTrue();
  }

  @Test
  void should_have_one_queue_where_delays_differ_by_less_than_a_millisecond() {
    RabbitMqWorker worker =
        worker().retryDelays(Duration.ofMillis(5), Duration.ofNanos(5_400_000)).start();

    assertThat(worker.close(Duration.ofSeconds(1))).isTrue();
  }
}
