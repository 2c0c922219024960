package dev.eventcollector.examples.faktory;

import dev.eventcollector.rabbitmq.Delivery;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a job, whoever has pushed it. Of a job that is not one of our events the body is its
 * arguments as they are, and the headers are its jobtype and the plain values of its {@code
 * custom}.
 */
final class JobReader {

  private static final long DEFAULT_RETRIES = 25;

  private final byte[] json;
  private @Nullable String jid;
  private String queue = "default";
  private String jobType = "";
  private long retries = DEFAULT_RETRIES;
  private long reserveFor;
  private long attempt = 1;
  private @Nullable String argument;
  private int arguments;
  private byte[] rawArguments = {};
  private final Map<String, String> custom = new LinkedHashMap<>();

  private JobReader(byte[] json) {
    this.json = json;
  }

  static FetchedJob read(byte[] json) throws MalformedJobException {
    JobReader reader = new JobReader(json);
    try (JsonParser parser = Json.parser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedJobException("it is no JSON object");
      }
      reader.readFields(parser);
    } catch (JacksonException e) {
      if (reader.jid == null) {
        throw new MalformedJobException("it is no JSON: " + e.getOriginalMessage());
      }
    }
    return reader.job();
  }

  /** Each case consumes its value as a whole, or what follows is taken for something else. */
  private void readFields(JsonParser parser) {
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      JsonToken value = parser.nextToken();
      switch (field) {
        case "jid" -> jid = text(parser, value);
        case "queue" -> queue = Objects.requireNonNullElse(text(parser, value), queue);
        case "jobtype" -> jobType = Objects.requireNonNullElse(text(parser, value), jobType);
        case "retry" -> retries = number(parser, value, DEFAULT_RETRIES);
        case "reserve_for" -> reserveFor = number(parser, value, 0);
        case "args" -> readArguments(parser, value);
        case "custom" -> readCustom(parser, value);
        case "failure" -> readFailure(parser, value);
        default -> parser.skipChildren();
      }
    }
  }

  private static @Nullable String text(JsonParser parser, JsonToken value) {
    if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
      return parser.getString();
    }
    parser.skipChildren();
    return null;
  }

  private static long number(JsonParser parser, JsonToken value, long otherwise) {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      BigInteger number = parser.getString().length() > 18 ? null : parser.getBigIntegerValue();
      return number == null ? Integer.MAX_VALUE : number.longValueExact();
    }
    parser.skipChildren();
    return otherwise;
  }

  private void readArguments(JsonParser parser, JsonToken value) {
    if (value != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    for (JsonToken one = parser.nextToken();
        one != JsonToken.END_ARRAY && one != null;
        one = parser.nextToken()) {
      arguments++;
      argument = one == JsonToken.VALUE_STRING ? parser.getString() : null;
      parser.skipChildren();
    }
    rawArguments = Arrays.copyOfRange(json, start, (int) parser.currentLocation().getByteOffset());
  }

  private void readCustom(JsonParser parser, JsonToken value) {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      String text = text(parser, parser.nextToken());
      if (text != null) {
        custom.put(name, text);
      }
    }
  }

  private void readFailure(JsonParser parser, JsonToken value) {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    attempt = 2;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken one = parser.nextToken();
      if (name.equals("retry_count")) {
        attempt = 2 + Math.max(0, number(parser, one, 0));
      } else {
        parser.skipChildren();
      }
    }
  }

  private FetchedJob job() throws MalformedJobException {
    if (jid == null) {
      throw new MalformedJobException("it has no jid");
    }
    String kind = custom.get(Envelope.BODY);
    byte[] body = rawArguments;
    String problem = null;
    if (kind != null) {
      try {
        body = bodyOfEvent(kind);
      } catch (IllegalArgumentException e) {
        problem = "an event's job is not as it was pushed: " + Reasons.messageOf(e);
      }
    } else if (body.length == 0) {
      problem = "the job has no arguments that can be read";
    }
    Delivery delivery =
        new Delivery(
            queue,
            kind == null ? jid : custom.get(Envelope.ID),
            body,
            kind == null ? "application/json" : custom.get(Envelope.CONTENT_TYPE),
            headers(kind == null),
            (int) Math.min(attempt, Integer.MAX_VALUE),
            attempt > 1);
    return new FetchedJob(jid, delivery, retries, Reservations.of(reserveFor), problem);
  }

  private byte[] bodyOfEvent(String kind) {
    if (arguments != 1 || argument == null) {
      throw new IllegalArgumentException("it has not one argument, or it is no text");
    }
    return switch (kind) {
      case Envelope.TEXT -> argument.getBytes(StandardCharsets.UTF_8);
      case Envelope.BASE64 -> Base64.getDecoder().decode(argument);
      default -> throw new IllegalArgumentException("its body is neither text nor base64");
    };
  }

  private Map<String, Object> headers(boolean foreign) {
    Map<String, Object> headers = new LinkedHashMap<>();
    if (foreign) {
      headers.putAll(custom);
      headers.put("jobtype", jobType);
    } else {
      custom.forEach(
          (name, value) -> {
            if (name.startsWith(Envelope.HEADER)) {
              headers.put(name.substring(Envelope.HEADER.length()), value);
            }
          });
    }
    return Collections.unmodifiableMap(headers);
  }
}
