package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import dev.eventcollector.Event;
import dev.eventcollector.Exchange;
import dev.eventcollector.MessageProperties;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client itself is the measure: what it would write, byte for byte. */
class PublishFramesTest {

  private static final int CHANNEL = 258;
  private static final int FRAME_MAX = 4096;

  private final PublishFrames frames = new PublishFrames(CHANNEL, FRAME_MAX);

  private static Event event(byte[] body, Map<String, Object> headers) {
    return new Event("id-1", "orders", body, "text/plain", headers);
  }

  private static byte[] written(PublishFrames frames) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    frames.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static byte[] clientWrites(String exchange, List<Event> events) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (Event event : events) {
      out.write(clientWrites(exchange, event.queue(), clientProperties(event), event.body()));
    }
    return bytes.toByteArray();
  }

  private static BasicProperties clientProperties(Event event) {
    MessageProperties more = event.properties();
    return new BasicProperties.Builder()
        .messageId(event.id())
        .contentType(event.contentType())
        .headers(event.headers().isEmpty() ? null : event.headers())
        .deliveryMode(2)
        .contentEncoding(more.contentEncoding())
        .priority(more.priority())
        .correlationId(more.correlationId())
        .replyTo(more.replyTo())
        .expiration(more.expiration() == null ? null : "" + more.expiration().toMillis())
        .timestamp(more.timestamp() == null ? null : Date.from(more.timestamp()))
        .type(more.type())
        .appId(more.appId())
        .build();
  }

  private static byte[] clientWrites(
      String exchange, String routingKey, BasicProperties properties, byte[] body)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    new AMQImpl.Basic.Publish(0, exchange, routingKey, true, false).toFrame(CHANNEL).writeTo(out);
    properties.toFrame(CHANNEL, body.length).writeTo(out);
    int payload = FRAME_MAX - 8;
    for (int at = 0; at < body.length; at += payload) {
      int end = Math.min(body.length, at + payload);
      Frame.fromBodyFragment(CHANNEL, ByteBuffer.wrap(body), at, end - at).writeTo(out);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 300, FRAME_MAX - 8, FRAME_MAX - 7, 3 * FRAME_MAX, 300_000})
  void should_write_the_same_bytes_as_the_client_when_bodies_have_any_size(int size)
      throws IOException {
    byte[] body = new byte[size];
    Arrays.fill(body, (byte) 7);

    frames.add("", event(body, Map.of()));

    assertThat(written(frames)).isEqualTo(clientWrites("", List.of(event(body, Map.of()))));
  }

  @Test
  void should_write_the_same_bytes_as_the_client_when_there_are_headers_and_other_alphabets()
      throws IOException {
    Event odd =
        new Event(
            "идентификатор",
            "warteschlange-für-größeres",
            "ü".getBytes(StandardCharsets.UTF_8),
            null,
            Map.of("größe", List.of(1, 2L, "größer")));

    frames.add("amq.direct", odd);

    assertThat(written(frames)).isEqualTo(clientWrites("amq.direct", List.of(odd)));
  }

  static Stream<MessageProperties> eachProperty() {
    MessageProperties none = MessageProperties.none();
    return Stream.of(
        none,
        none.withContentEncoding("gzip"),
        none.withPriority(0),
        none.withPriority(255),
        none.withCorrelationId("größe"),
        none.withReplyTo("answers"),
        none.withExpiration(Duration.ZERO),
        none.withExpiration(Duration.ofMillis(315_360_000_000L)),
        none.withTimestamp(Instant.EPOCH),
        none.withTimestamp(Instant.parse("9999-12-31T23:59:59.999Z")),
        none.withType("order.placed"),
        none.withAppId(""),
        new MessageProperties(
            "e", 9, "c", "r", Duration.ofMillis(7), Instant.ofEpochSecond(8), "t", "a"));
  }

  @ParameterizedTest
  @MethodSource("eachProperty")
  void should_write_the_same_bytes_as_the_client_when_an_event_has_any_property(
      MessageProperties properties) throws IOException {
    for (Map<String, Object> headers :
        List.of(Map.<String, Object>of(), Map.<String, Object>of("h", "v"))) {
      Event event =
          new Event(
              "id", "key", new byte[3], null, headers, Exchange.named("not used"), properties);
      frames.clear();

      frames.add("shop", event);

      assertThat(written(frames)).isEqualTo(clientWrites("shop", List.of(event)));
    }
  }

  @Test
  void should_ask_for_returns_when_the_broker_acknowledges_returned_messages_or_it_is_an_error()
      throws IOException {
    PublishFrames toAnotherBroker = new PublishFrames(CHANNEL, FRAME_MAX, false);
    Event event = event(new byte[0], Map.of());

    frames.add("x", false, event);
    toAnotherBroker.add("x", true, event);
    assertThat(written(frames)).isEqualTo(clientWrites("x", List.of(event)));
    assertThat(written(toAnotherBroker)).isEqualTo(clientWrites("x", List.of(event)));
    toAnotherBroker.clear();
    toAnotherBroker.add("x", false, event);
    ByteArrayOutputStream optional = new ByteArrayOutputStream();
    new AMQImpl.Basic.Publish(0, "x", "orders", false, false)
        .toFrame(CHANNEL)
        .writeTo(new DataOutputStream(optional));
    assertThat(written(toAnotherBroker)).startsWith(optional.toByteArray());
  }

  @Test
  void should_write_one_event_after_the_other_and_nothing_twice() throws IOException {
    List<Event> events =
        List.of(event(new byte[10], Map.of()), event(new byte[9_000], Map.of("h", "v")));
    events.forEach(event -> frames.add("", event));
    assertThat(written(frames)).isEqualTo(clientWrites("", events));

    frames.clear();
    frames.add("", events.get(0));

    assertThat(written(frames)).isEqualTo(clientWrites("", events.subList(0, 1)));
  }

  @Test
  void should_be_as_before_when_an_event_cannot_be_carried() throws IOException {
    Event good = event(new byte[10], Map.of());
    frames.add("", good);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> frames.add("", event(new byte[0], Map.of("h", "x".repeat(FRAME_MAX)))))
        .withMessageContaining("a frame has room for 4088");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> frames.add("", new Event("i", "q".repeat(256), new byte[0], null, Map.of())))
        .withMessageContaining("256 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> frames.add("", new Event("ü".repeat(128), "q", new byte[0], null, Map.of())));

    assertThat(written(frames)).isEqualTo(clientWrites("", List.of(good)));
  }

  @Test
  void should_write_the_same_bytes_as_the_client_when_a_message_has_any_properties()
      throws IOException {
    BasicProperties all =
        new BasicProperties.Builder()
            .contentType("text/größe")
            .contentEncoding("gzip")
            .headers(Map.of("h", List.of(1, Map.of("deep", true))))
            .deliveryMode(2)
            .priority(3)
            .correlationId("c")
            .replyTo("r")
            .messageId("m")
            .timestamp(new Date(5_000))
            .type("t")
            .appId("a")
            .build();
    for (BasicProperties properties : List.of(all, new BasicProperties())) {
      for (int size : new int[] {0, 10, 9_000}) {
        frames.clear();
        frames.add("", "orders", properties, new byte[size]);

        assertThat(written(frames))
            .isEqualTo(clientWrites("", "orders", properties, new byte[size]));
      }
    }
  }

  @RepeatedTest(50)
  void should_write_the_same_bytes_as_the_client_when_everything_is_random(
      RepetitionInfo repetition) throws IOException {
    Random random = new Random(repetition.getCurrentRepetition());
    frames.clear();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      String exchange = text(random, 85);
      byte[] body = new byte[random.nextInt(3) * random.nextInt(FRAME_MAX)];
      random.nextBytes(body);
      // One header, since the client reorders several.
      Map<String, Object> headers = random.nextBoolean() ? Map.of() : Map.of("h", table(random, 3));
      if (random.nextBoolean()) {
        Event event =
            new Event(
                "i" + text(random, 84),
                "q" + text(random, 84),
                body,
                random.nextBoolean() ? null : text(random, 85),
                headers,
                random.nextBoolean() ? null : Exchange.named("e" + text(random, 84)),
                properties(random));
        frames.add(exchange, event);
        expected.write(clientWrites(exchange, List.of(event)));
      } else {
        BasicProperties properties =
            new BasicProperties.Builder()
                .messageId(text(random, 85))
                .headers(headers)
                .priority(random.nextInt(256))
                .timestamp(new Date(1_000L * random.nextInt()))
                .replyTo(random.nextBoolean() ? null : text(random, 85))
                .build();
        String queue = text(random, 85);
        frames.add(exchange, queue, properties, body);
        expected.write(clientWrites(exchange, queue, properties, body));
      }
    }

    assertThat(Arrays.equals(written(frames), expected.toByteArray())).isTrue();
  }

  private static MessageProperties properties(Random random) {
    return random.nextInt(4) == 0
        ? MessageProperties.none()
        : new MessageProperties(
            orNull(random, text(random, 85)),
            orNull(random, random.nextInt(256)),
            orNull(random, text(random, 85)),
            orNull(random, text(random, 85)),
            orNull(random, Duration.ofMillis(random.nextLong(1L << 32))),
            orNull(random, Instant.ofEpochSecond(random.nextLong(253_402_300_800L))),
            orNull(random, text(random, 85)),
            orNull(random, text(random, 85)));
  }

  private static <T> @Nullable T orNull(Random random, T value) {
    return random.nextBoolean() ? value : null;
  }

  /** Of characters that take one to four bytes; at most three bytes each on average. */
  private static String text(Random random, int maxLength) {
    String[] characters = {"a", "ü", "\u20AC", "\uD83D\uDE00", "\0", " "};
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(maxLength); text.length() < length; ) {
      text.append(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }

  private static Map<String, Object> table(Random random, int depth) {
    Map<String, Object> table = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      table.put(text(random, 20), value(random, depth));
    }
    return table;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 8)) {
      case 0 -> text(random, 50);
      case 1 -> random.nextInt();
      case 2 -> random.nextLong();
      case 3 -> random.nextBoolean();
      case 4 -> random.nextDouble();
      case 5 -> new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(256));
      case 6 -> new Date(1_000L * random.nextInt());
      case 7 -> new byte[random.nextInt(20)];
      case 8 -> table(random, depth - 1);
      default -> List.of(value(random, depth - 1), value(random, depth - 1));
    };
  }

  @Test
  void should_refuse_half_a_character_when_it_would_become_a_question_mark_trap_20() {
    String half = "ä\uD83D";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> frames.add("", new Event(half, "q", new byte[0], null, Map.of())))
        .withMessageContaining("surrogate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> frames.add("", new Event("i", half, new byte[0], null, Map.of())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> frames.add("", new Event("i", "q", new byte[0], half, Map.of())));
    frames.add("", new Event("\uD83D\uDE00", "q", new byte[0], null, Map.of()));
  }

  @Test
  void should_know_no_limit_when_frame_max_is_0() throws IOException {
    PublishFrames unlimited = new PublishFrames(CHANNEL, 0);
    unlimited.add("", event(new byte[300_000], Map.of()));

    DataInputStream in = new DataInputStream(new ByteArrayInputStream(written(unlimited)));

    assertThat(Frame.readFrom(in, () -> Integer.MAX_VALUE).getType()).isEqualTo(1);
    assertThat(Frame.readFrom(in, () -> Integer.MAX_VALUE).getType()).isEqualTo(2);
    assertThat(Frame.readFrom(in, () -> Integer.MAX_VALUE).getPayload()).hasSize(300_000);
  }
}
