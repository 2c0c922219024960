package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.Checks.payload;
import static dev.eventcollector.testkit.Checks.quietly;
import static dev.eventcollector.testkit.Checks.requireEqual;
import static dev.eventcollector.testkit.Checks.requireEqualHeader;
import static dev.eventcollector.testkit.Checks.requireEqualPayload;
import static dev.eventcollector.testkit.Checks.requireJson;
import static dev.eventcollector.testkit.Checks.requireNoError;
import static dev.eventcollector.testkit.Checks.requireThat;

import dev.eventcollector.MessageProperties;
import dev.eventcollector.testkit.Candidate.MismatchException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/**
 * Describes an event, for assertions. Unspecified parts match anything.
 *
 * <pre>{@code
 * event().toQueue("orders").withPayload(OrderPlaced.class, p -> p.id() == 42).withHeader("tenant", "acme")
 * }</pre>
 *
 * <p>A condition decides nothing if it throws, or if the payload has no such property or was
 * changed after it was enqueued. Such an event counts neither for {@code published} nor for {@code
 * notPublished}, and makes the latter fail. Then narrow by {@link #toQueue} or {@link
 * #withPayload(Class)}.
 *
 * <p>Immutable: each method returns a new, narrower description.
 */
public final class ExpectedEvent {

  static final ExpectedEvent ANY = new ExpectedEvent(List.of(), false);

  private static final int QUEUE_WEIGHT = 4;
  private static final int TYPE_WEIGHT = 2;

  private final List<Condition> conditions;
  private final boolean decoded;

  private ExpectedEvent(List<Condition> conditions, boolean decoded) {
    this.conditions = conditions;
    this.decoded = decoded;
  }

  /** Throws the reason why a candidate does not meet a condition. */
  @FunctionalInterface
  private interface Check {
    void on(Candidate candidate) throws MismatchException;
  }

  /**
   * One condition on the event.
   *
   * @param weight how strongly a mismatch suggests a different event
   */
  private record Condition(String text, int weight, Check check) {}

  /** A condition that is not met, or cannot be decided, and the reason. */
  record Mismatch(String condition, String why, int weight, boolean undecided) {}

  /** It goes to this queue; an event for an exchange goes to none. */
  public ExpectedEvent toQueue(String queue) {
    return and(
        "to queue " + queue,
        QUEUE_WEIGHT,
        candidate -> {
          if (candidate.isForExchange()) {
            throw new MismatchException(
                "queue: is for exchange " + candidate.exchange() + ", not for queue " + queue);
          }
          requireEqual("queue", queue, candidate.queue());
        });
  }

  /** It goes to this exchange, by any routing key. */
  public ExpectedEvent toExchange(String exchange) {
    return and(
        "to exchange " + exchange,
        QUEUE_WEIGHT,
        candidate -> requireEqual("exchange", exchange, candidate.exchange()));
  }

  /** It goes to this exchange by this routing key. */
  public ExpectedEvent toExchange(String exchange, String routingKey) {
    return toExchange(exchange)
        .and(
            "with routing key " + routingKey,
            QUEUE_WEIGHT,
            candidate -> requireEqual("routing key", routingKey, candidate.routingKey()));
  }

  /** Its id is this one. */
  public ExpectedEvent withId(String id) {
    return and("with id " + id, 1, candidate -> requireEqual("id", id, candidate.id()));
  }

  /**
   * Its payload equals this one; arrays of bytes are compared by content. A message from a real
   * broker is decoded to the class of the expected payload first.
   */
  public ExpectedEvent withPayload(Object expected) {
    Class<?> type = expected.getClass();
    return and(
            "with payload " + Printout.text(expected),
            1,
            candidate -> requireEqualPayload(candidate, expected))
        .decodedAs(type);
  }

  /** Its payload is of this type, or of a subtype. */
  public ExpectedEvent withPayload(Class<?> type) {
    return and(
            "with a payload of type " + type.getTypeName(),
            TYPE_WEIGHT,
            candidate -> payload(candidate, type))
        .decodedAs(type);
  }

  /** Its payload is of this type and meets the condition. */
  public <T> ExpectedEvent withPayload(Class<T> type, Predicate<? super T> condition) {
    return withPayload(type)
        .and(
            "that meets the condition",
            1,
            candidate -> {
              T payload = quietly(candidate, type);
              if (payload != null) {
                requireThat(condition, payload);
              }
            });
  }

  /**
   * Its payload is of this type and passes assertions.
   *
   * @param assertions throws an {@link AssertionError} for other payloads
   */
  public <T> ExpectedEvent withPayloadSatisfying(Class<T> type, Consumer<? super T> assertions) {
    return withPayload(type)
        .and(
            "that satisfies the assertions",
            1,
            candidate -> {
              T payload = quietly(candidate, type);
              if (payload != null) {
                requireNoError("payload", () -> assertions.accept(payload));
              }
            });
  }

  /**
   * A property, or field, or key of its payload has this value.
   *
   * @param path for example {@code customer.name}
   */
  public ExpectedEvent extracting(String path, @Nullable Object expected) {
    return and(
            String.format(Locale.ROOT, "with payload's %s = %s", path, Printout.text(expected)),
            1,
            candidate -> {
              Object payload = payload(candidate, Object.class);
              requireNoError(
                  "payload's " + path,
                  () -> Assertions.assertThat(payload).extracting(path).isEqualTo(expected));
            })
        .decodedAs(Object.class);
  }

  /** Its payload is of this type, and the extracted value equals this one. */
  public <T> ExpectedEvent extracting(
      Class<T> type, Function<? super T, ?> extractor, @Nullable Object expected) {
    return withPayload(type)
        .and(
            String.format(Locale.ROOT, "from which %s is extracted", Printout.text(expected)),
            1,
            candidate -> {
              T payload = quietly(candidate, type);
              if (payload != null) {
                requireEqual("extracted", expected, Checks.extracted(extractor, payload));
              }
            });
  }

  /**
   * Its body is JSON that includes this JSON: it may have further fields; arrays are compared
   * whole. Needs {@code json-unit-assertj}, an optional dependency of the testkit, and supports its
   * placeholders, such as {@code ${json-unit.any-string}}.
   */
  public ExpectedEvent withJson(String expected) {
    return and(
        "with JSON that has " + expected,
        1,
        candidate -> requireJson(candidate, () -> Json.requireSubset(candidate.body(), expected)));
  }

  /**
   * Its body is JSON that has this value at this place. Needs {@code json-unit-assertj}.
   *
   * @param path a JSONPath, for example {@code $.items[0].price}
   * @param expected text, a number, a boolean, null, or a list or map of these
   */
  public ExpectedEvent withJsonAt(String path, @Nullable Object expected) {
    return and(
        String.format(Locale.ROOT, "with %s at %s in its JSON", Printout.text(expected), path),
        1,
        candidate ->
            requireJson(candidate, () -> Json.requireAt(candidate.body(), path, expected)));
  }

  /** It has this header with this value. */
  public ExpectedEvent withHeader(String name, Object value) {
    return and(
        String.format(Locale.ROOT, "with header %s = %s", name, Printout.text(value)),
        1,
        candidate -> requireEqualHeader(name, value, candidate.headers().get(name)));
  }

  /** It has this header. */
  public ExpectedEvent withHeader(String name) {
    return and("with header " + name, 1, candidate -> Checks.requireHeader(candidate, name));
  }

  /** It does not have this header. */
  public ExpectedEvent withoutHeader(String name) {
    return and(
        "without header " + name,
        1,
        candidate -> {
          if (candidate.headers().containsKey(name)) {
            throw new MismatchException(
                String.format(
                    Locale.ROOT,
                    "header %s: is there, with value %s",
                    name,
                    Printout.text(candidate.headers().get(name))));
          }
        });
  }

  /** Its body has this media type. */
  public ExpectedEvent withContentType(String contentType) {
    return and(
        "with content type " + contentType,
        1,
        candidate -> requireEqual("content type", contentType, candidate.contentType()));
  }

  /** It has this type. */
  public ExpectedEvent withType(String type) {
    return andProperty("type", type, MessageProperties::type);
  }

  /** It has this correlation id. */
  public ExpectedEvent withCorrelationId(String correlationId) {
    return andProperty("correlation id", correlationId, MessageProperties::correlationId);
  }

  /** It names this queue for answers. */
  public ExpectedEvent withReplyTo(String queue) {
    return andProperty("reply-to", queue, MessageProperties::replyTo);
  }

  /** It has this priority. */
  public ExpectedEvent withPriority(int priority) {
    return andProperty("priority", priority, MessageProperties::priority);
  }

  /** It may wait this long in a queue. */
  public ExpectedEvent withExpiration(Duration expiration) {
    return andProperty("expiration", expiration, MessageProperties::expiration);
  }

  /** It has this time; fractions of a second are not sent, so they are not compared. */
  public ExpectedEvent withTimestamp(Instant timestamp) {
    return andProperty(
        "timestamp", timestamp.truncatedTo(ChronoUnit.SECONDS), MessageProperties::timestamp);
  }

  /** It names this application. */
  public ExpectedEvent withAppId(String appId) {
    return andProperty("app id", appId, MessageProperties::appId);
  }

  /** It has exactly these properties. */
  public ExpectedEvent withProperties(MessageProperties properties) {
    return and(
        "with properties " + properties,
        1,
        candidate -> requireEqual("properties", properties, candidate.properties()));
  }

  private ExpectedEvent andProperty(
      String name, Object expected, Function<MessageProperties, @Nullable Object> property) {
    return and(
        String.format(Locale.ROOT, "with %s %s", name, expected),
        1,
        candidate -> requireEqual(name, expected, property.apply(candidate.properties())));
  }

  /** It is at this stage; messages from a real broker have none. */
  public ExpectedEvent at(RecordedEvent.Stage stage) {
    return and(
        "at stage " + stage, 1, candidate -> requireEqual("stage", stage, candidate.stage()));
  }

  private ExpectedEvent and(String text, int weight, Check check) {
    List<Condition> more = new ArrayList<>(conditions);
    more.add(new Condition(text, weight, check));
    return new ExpectedEvent(more, decoded);
  }

  private ExpectedEvent decodedAs(Class<?> type) {
    return type == String.class || type == byte[].class
        ? this
        : new ExpectedEvent(conditions, true);
  }

  /** Whether a message of a real broker has to be decoded to be compared with this. */
  boolean needsDecoder() {
    return decoded;
  }

  /** All conditions that this candidate does not meet. */
  List<Mismatch> mismatches(Candidate candidate) {
    List<Mismatch> mismatches = new ArrayList<>();
    for (Condition condition : conditions) {
      try {
        condition.check().on(candidate);
      } catch (MismatchException e) {
        mismatches.add(
            new Mismatch(
                condition.text(),
                String.valueOf(e.getMessage()),
                condition.weight(),
                e.isUndecided()));
      }
    }
    return mismatches;
  }

  boolean matches(Candidate candidate) {
    return mismatches(candidate).isEmpty();
  }

  /** Whether it may be the event: all unmet conditions are undecided. */
  boolean cannotTell(Candidate candidate) {
    List<Mismatch> mismatches = mismatches(candidate);
    return !mismatches.isEmpty() && mismatches.stream().allMatch(Mismatch::undecided);
  }

  /** Like {@link #toString}, with the difference of this candidate for each unmet condition. */
  String describe(Candidate candidate) {
    Map<String, String> reasons =
        mismatches(candidate).stream()
            .collect(Collectors.toMap(Mismatch::condition, Mismatch::why, (a, b) -> a));
    return conditions.stream()
        .map(condition -> reasons.getOrDefault(condition.text(), condition.text()))
        .collect(Collectors.joining("\n    "));
  }

  /** The conditions, one per line. */
  @Override
  public String toString() {
    return conditions.isEmpty()
        ? "any event"
        : conditions.stream().map(Condition::text).collect(Collectors.joining("\n    "));
  }
}
