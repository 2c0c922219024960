package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks of addresses and other settings. */
class BrokerAddressTest {

  private static final String TOO_LONG = "n".repeat(300);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amqp://me:s3:cret@host",
        "amqp://me:s3/cret@host",
        "amqp://me:s3?cret@host",
        "amqp://me:s3#cret@host",
        "amqp://me:12/cret@host",
        "amqp://me:12?cret@host",
        "amqp://me:12#cret@host",
        "amqp://me:s3 cret@host",
        "amqp://me:s3%cret@host",
        "amqp://me:s3%zzcret@host",
        "amqp://me:s3[cret]@host",
        "amqp://me:s3\\cret@host",
        "amqp://me:cret@host/a/b",
        "amqp://me:cret@host?heartbeat=cret",
        "amqp://me:cret@host:99999",
        "amqp://me:cret@host:0",
        "amqp://me:cret@:5672",
        "amqp://me:cret@my_rabbit:99999",
        "amqp://me_:12/cret@host",
        "amqp://me:s3_cret",
        "amqp://me:cret",
        "amqp:me:cret@host",
        "me:cret@host",
        "cret:me@host",
        "cret",
        "http://me:cret@host",
        "//me:cret@host",
        "",
        "\uD83D"
      })
  void should_tell_nothing_but_host_and_port_when_the_uri_is_wrong_trap_26(String uri) {
    Throwable thrown = catchThrowable(() -> RabbitMqEventPublisher.builder().uri(uri).build());

    assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasNoCause();
    assertThat(thrown.getMessage()).startsWith("uri must look like").doesNotContain("cret", "me:");
  }

  @Test
  void should_say_so_when_the_uri_is_empty() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RabbitMqEventPublisher.builder().uri(" ").build())
        .withMessageContaining("it is empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amqp://me:s%2F%3F%23cret@host:1/v",
        "amqp://me:cret@host:1/%2Fcret",
        "amqp://me:cret@host:1",
        "amqp://cret@host:1?channel_max=10"
      })
  void should_tell_nothing_but_host_and_port_when_printed_trap_26(String uri) {
    assertThat(RabbitMqEventPublisher.builder().uri(uri).build().toString())
        .isEqualTo("RabbitMqEventPublisher[amqp://host:1]");
  }

  /** As containers have, and java.net.URI finds no host in (rabbitmq-java-client 1228). */
  @ParameterizedTest
  @CsvSource({
    "amqp://me:cr%40et@my_rabbit:1/v?heartbeat=5, amqp://my_rabbit:1",
    "amqps://my_rabbit, amqps://my_rabbit:5671",
    "amqp://me@my_rabbit, amqp://my_rabbit:5672"
  })
  void should_find_the_host_when_it_has_an_underscore(String uri, String printed) {
    assertThat(RabbitMqEventPublisher.builder().uri(uri).build().toString())
        .isEqualTo("RabbitMqEventPublisher[" + printed + "]");
  }

  @Test
  void should_name_every_wrong_setting_at_once_when_built_trap_27() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RabbitMqEventPublisher.builder()
                    .uri("amqp://host:99999")
                    .exchange(TOO_LONG)
                    .declareQueues("good", "", TOO_LONG, "half \uD83D")
                    .connectionName(" ")
                    .connectTimeout(Duration.ofNanos(-1))
                    .heartbeat(Duration.ofSeconds(Long.MIN_VALUE))
                    .maxChannels(-1)
                    .build())
        .withMessageContaining("its port must be from 1 to 65535, but is 99999")
        .withMessageContaining("exchange must have at most 255 bytes in UTF-8, but has 300")
        .withMessageContaining("declareQueues[1] must not be blank")
        .withMessageContaining("declareQueues[2] must have at most 255 bytes")
        .withMessageContaining("declareQueues[3] must be text that UTF-8 can express")
        .withMessageContaining("connectionName must not be blank")
        .withMessageContaining("connectTimeout must be at least 1 ms, but is PT-0.000000001S")
        .withMessageContaining("heartbeat must be at least 1 second")
        .withMessageContaining("maxChannels must be from 1 to 2047, but is -1");
  }

  @Test
  void should_saturate_when_a_duration_means_for_ever_trap_27() {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    long half = Long.MAX_VALUE / 2;

    assertThat(Timeouts.nanos(forever)).isEqualTo(half);
    assertThat(Timeouts.nanos(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(half);
    assertThat(Timeouts.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
    assertThat(Timeouts.nanos(Duration.ofMillis(3))).isEqualTo(3_000_000);
    assertThat(Timeouts.millis(forever)).isEqualTo(432_000_000);
    assertThat(Timeouts.millis(Duration.ofNanos(1))).isEqualTo(1);
  }

  @Test
  void should_hide_credentials_when_printed_trap_26() {
    assertThat(new Credentials("me", "cret").toString()).doesNotContain("me", "cret");
  }
}
