package dev.eventcollector.examples.faktory;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** JSON as trees of maps and lists, with numbers as Faktory has them: doubles. */
final class StandInJson {

  private static final int MAX_DEPTH = 1_000;

  private StandInJson() {}

  /** Something that is not what a command takes. */
  static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidException(String message) {
      super(message);
    }
  }

  static @Nullable Object read(byte[] json) throws InvalidException {
    try (JsonParser parser = Json.parser(json)) {
      parser.nextToken();
      Object value = value(parser, 0);
      if (parser.nextToken() != null) {
        throw new InvalidException("invalid JSON: something follows the value");
      }
      return value;
    } catch (JacksonException e) {
      throw new InvalidException("invalid JSON: " + e.getOriginalMessage().replaceAll("\\s", " "));
    }
  }

  private static @Nullable Object value(JsonParser parser, int depth) throws InvalidException {
    JsonToken token = parser.currentToken();
    if (token == null || depth > MAX_DEPTH) {
      throw new InvalidException("invalid JSON: " + (token == null ? "too short" : "too deep"));
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          parser.nextToken();
          map.put(name, value(parser, depth + 1));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser, depth + 1));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        Double number = Double.valueOf(parser.getString());
        if (number.isInfinite()) {
          throw new InvalidException("invalid JSON: a number is too large");
        }
        yield number;
      }
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> null;
      default -> throw new InvalidException("invalid JSON: unexpected " + token);
    };
  }

  /** An object, or an exception that says what it is not. */
  @SuppressWarnings("unchecked") // value() makes no other maps
  static Map<String, @Nullable Object> object(@Nullable Object value) throws InvalidException {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new InvalidException("invalid JSON: no object where one belongs");
  }

  static byte[] write(Map<String, ?> object) {
    return Json.object(json -> object.forEach((name, value) -> write(json, name, value)));
  }

  private static void write(JsonGenerator json, String name, @Nullable Object value) {
    json.writeName(name);
    write(json, value);
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      map.forEach((name, one) -> write(json, String.valueOf(name), one));
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      list.forEach(one -> write(json, one));
      json.writeEndArray();
    } else if (value instanceof Double number) {
      json.writeNumber(new BigDecimal(number).stripTrailingZeros().toPlainString());
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }
}
