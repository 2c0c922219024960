package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.LongStringHelper;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what a moved message keeps. */
class MovePolicyTest {

  private static final String DEATHS = "of other queues";

  private static BasicProperties everything() {
    return new BasicProperties.Builder()
        .contentType("text/plain")
        .contentEncoding("gzip")
        .headers(Map.of("tenant", "acme"))
        .deliveryMode(1)
        .priority(7)
        .correlationId("correlation")
        .replyTo("answers")
        .expiration("600")
        .messageId("id")
        .timestamp(new Date(1_000))
        .type("order")
        .userId("guest")
        .appId("shop")
        .clusterId("cluster")
        .build();
  }

  static Stream<Arguments> properties() {
    return Stream.of(
        kept("content-type", BasicProperties::getContentType, "text/plain"),
        kept("content-encoding", BasicProperties::getContentEncoding, "gzip"),
        kept("delivery-mode, always persistent", BasicProperties::getDeliveryMode, 2),
        kept("priority", BasicProperties::getPriority, 7),
        kept("correlation-id", BasicProperties::getCorrelationId, "correlation"),
        kept("reply-to", BasicProperties::getReplyTo, "answers"),
        kept("message-id", BasicProperties::getMessageId, "id"),
        kept("timestamp", BasicProperties::getTimestamp, new Date(1_000)),
        kept("type", BasicProperties::getType, "order"),
        kept("app-id", BasicProperties::getAppId, "shop"),
        kept("cluster-id", BasicProperties::getClusterId, "cluster"),
        renamed("expiration", BasicProperties::getExpiration, "600"),
        renamed("user-id", BasicProperties::getUserId, "guest"));
  }

  private static Arguments kept(String name, Function<BasicProperties, Object> get, Object value) {
    return Arguments.of(name, get, value, null);
  }

  private static Arguments renamed(
      String name, Function<BasicProperties, Object> get, Object inHeader) {
    return Arguments.of(name, get, null, inHeader);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("properties")
  void should_decide_for_every_property_trap_24(
      String name, Function<BasicProperties, Object> get, Object value, Object inHeader) {
    BasicProperties moved = MovePolicy.moved(everything());

    assertThat(get.apply(moved)).isEqualTo(value);
    assertThat(moved.getHeaders().get("event-collector-" + name)).isEqualTo(inHeader);
    assertThat(moved.getHeaders()).containsEntry("tenant", "acme");
  }

  @ParameterizedTest
  @CsvSource({
    "CC,RENAMED",
    "BCC,RENAMED",
    "x-cc,RENAMED",
    "x-death,RENAMED",
    "x-first-death-queue,RENAMED",
    "x-first-death-reason,RENAMED",
    "x-first-death-exchange,RENAMED",
    "x-last-death-queue,RENAMED",
    "x-last-death-reason,RENAMED",
    "x-last-death-exchange,RENAMED",
    "x-delay,RENAMED",
    "x-received-from,RENAMED",
    "x-stream-filter-value,RENAMED",
    "x-opt-anything,RENAMED",
    "x-delivery-count,DROPPED",
    "x-acquired-count,DROPPED",
    "x-stream-offset,DROPPED",
    "x-match,KEPT",
    "x-request-id,KEPT",
    "traceparent,KEPT",
    "cc,KEPT",
    "event-collector-attempts,KEPT"
  })
  void should_decide_for_every_header_that_means_something_to_rabbitmq_trap_24(
      String header, MovePolicy.Decision decision) {
    BasicProperties moved =
        MovePolicy.moved(new BasicProperties.Builder().headers(Map.of(header, DEATHS)).build());

    Map<String, Object> expected =
        switch (decision) {
          case KEPT -> Map.of(header, DEATHS);
          case RENAMED -> Map.of("event-collector-" + header, DEATHS);
          case DROPPED -> Map.of();
        };
    assertThat(Objects.requireNonNullElse(moved.getHeaders(), Map.of())).isEqualTo(expected);
  }

  @Test
  void should_change_nothing_more_when_it_is_moved_again_trap_24() {
    BasicProperties once = MovePolicy.moved(everything());

    assertThat(MovePolicy.moved(once)).isEqualTo(once);
    assertThat(MovePolicy.moved(new BasicProperties()).getHeaders()).isNull();
  }

  @Test
  void should_keep_a_direct_reply_to_only_as_a_header_trap_24() {
    BasicProperties moved =
        MovePolicy.moved(new BasicProperties.Builder().replyTo("amq.rabbitmq.reply-to").build());

    assertThat(moved.getReplyTo()).isNull();
    assertThat(moved.getHeaders())
        .containsEntry("event-collector-reply-to", "amq.rabbitmq.reply-to");
  }

  @Test
  void should_begin_anew_when_an_operator_moves_it_back_with_everything_trap_24() {
    Failure failure = new Failure("fails", new IllegalStateException());
    BasicProperties message = everything();
    for (int attempt = 1; attempt <= 3; attempt++) {
      message =
          MovePolicy.moved(
              failure.addedTo(message, "orders", attempt == 3 ? null : Duration.ofSeconds(1)));
      assertThat(message.getHeaders()).containsEntry(Failure.ATTEMPTS, attempt);
    }

    assertThat(Failure.failedAttempts(message.getHeaders(), "orders")).isZero();
    assertThat(MovePolicy.anew(message).getHeaders().keySet())
        .containsExactlyInAnyOrder(
            "tenant", "event-collector-expiration", "event-collector-user-id");
  }

  @Test
  void should_shorten_the_stack_first_when_the_headers_do_not_fit_trap_25() throws Exception {
    Map<String, Object> headers = new HashMap<>();
    headers.put("tenant", "t".repeat(3_000));
    headers.put(Failure.ATTEMPTS, 2);
    headers.put(Failure.DUE_AT, 1L);
    headers.put(Failure.REASON, "r".repeat(500));
    headers.put(Failure.STACK, "ü".repeat(700));
    BasicProperties fitted = fitted(headers);

    assertThat(fitted.getHeaders())
        .containsEntry("tenant", headers.get("tenant"))
        .containsEntry(Failure.REASON, headers.get(Failure.REASON))
        .containsEntry(Failure.ATTEMPTS, 2)
        .containsEntry(Failure.DUE_AT, 1L);
    assertThat(String.valueOf(fitted.getHeaders().get(Failure.STACK)))
        .hasSizeBetween(100, 600)
        .matches("ü+");
  }

  @Test
  void should_drop_the_largest_and_name_them_when_nothing_else_helps_trap_25() throws Exception {
    Map<String, Object> headers = new HashMap<>();
    headers.put("large", LongStringHelper.asLongString("l".repeat(4_040)));
    headers.put("small", "s");
    headers.put(Failure.ATTEMPTS, 2);
    headers.put(Failure.DUE_AT, 1L);
    headers.put(Failure.REASON, "r".repeat(500));
    headers.put(Failure.STACK, "at somewhere");

    assertThat(fitted(headers).getHeaders())
        .containsOnlyKeys("small", Failure.ATTEMPTS, Failure.DUE_AT, FrameFit.DROPPED)
        .containsEntry(FrameFit.DROPPED, "large");
  }

  @Test
  void should_be_sendable_when_names_grew_by_being_decoded_trap_25() throws Exception {
    String grown = "\uFFFD".repeat(255); // 765 bytes in UTF-8, 255 before
    BasicProperties received =
        new BasicProperties.Builder()
            .messageId(grown)
            .type(grown)
            .headers(Map.of(grown, "v", "deep", List.of(Map.of(grown, 1))))
            .build();

    BasicProperties fitted = FrameFit.fitted(received, 4_088);

    assertThat(fitted.toFrame(1, 0).getPayload()).hasSizeLessThan(4_088);
    assertThat(fitted.getMessageId()).isEqualTo("\uFFFD".repeat(85));
    assertThat(fitted.getHeaders()).containsEntry("\uFFFD".repeat(85), "v");
  }

  private static BasicProperties fitted(Map<String, Object> headers) throws Exception {
    BasicProperties fitted =
        FrameFit.fitted(new BasicProperties.Builder().headers(headers).build(), 4_088);
    assertThat(fitted.toFrame(1, 0).getPayload()).hasSizeLessThanOrEqualTo(4_088);
    return fitted;
  }
}
