package dev.eventcollector.examples.forwarder.records;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Checks a body to be one record, field by field, without making objects of it: what is forwarded
 * are the bytes that came, so that unknown fields and the digits of numbers stay as they are.
 *
 * <p>As in the original, null stands for a field that is absent, and of fields that come twice the
 * last counts.
 */
public final class RecordCheck {

  /** The longest body of a record. */
  public static final int MOST_BYTES = 1 << 20;

  private static final JsonFactory JSON = new JsonFactory();
  private static final int SNIFFED = 4;

  private final JsonParser json;
  private long userId;

  private RecordCheck(JsonParser json) {
    this.json = json;
  }

  /**
   * Checks a body.
   *
   * @throws InvalidRecordException when it is not a record
   */
  public static void check(byte[] body) throws InvalidRecordException {
    requireUtf8(body);
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
      new RecordCheck(json).checkRecord();
    } catch (JacksonException e) {
      throw new InvalidRecordException("decode: " + e.getOriginalMessage() + place(e));
    }
  }

  /** Whether a body is a record. */
  public static boolean isRecord(byte[] body) {
    try {
      check(body);
      return true;
    } catch (InvalidRecordException e) {
      return false;
    }
  }

  private static String place(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    return at == null
        ? ""
        : String.format(Locale.ROOT, " (line %d, column %d)", at.getLineNr(), at.getColumnNr());
  }

  private void checkRecord() throws InvalidRecordException {
    JsonToken first = json.nextToken();
    if (first == null) {
      throw new InvalidRecordException("decode: the body is empty");
    }
    if (first != JsonToken.START_OBJECT) {
      throw new InvalidRecordException(
          "decode: the body must be an object, but is " + nameOf(first));
    }
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (fold(field)) {
        case "user_id" -> userId(value);
        case "total" -> number("total", value);
        case "title" -> text("title", value);
        case "meta" -> meta(value);
        case "completed" -> bool("completed", value);
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw new InvalidRecordException("decode: there is more behind the record");
    }
    if (userId == 0) {
      throw new InvalidRecordException("can not post empty user id");
    }
  }

  /**
   * The name of a field in lower case, because the original's decoder matches names in any case. It
   * folds two letters beyond ASCII to ASCII ones, the long s and the Kelvin sign.
   */
  private static String fold(String field) {
    return field.replace('\u017f', 's').replace('\u212a', 'k').toLowerCase(Locale.ROOT);
  }

  private void userId(JsonToken value) throws InvalidRecordException {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      userId = json.getLongValue();
    } else {
      requireNull("user_id", value, "an integer");
    }
  }

  private void number(String path, JsonToken value) throws InvalidRecordException {
    if (!value.isNumeric()) {
      requireNull(path, value, "a number");
    } else if (Double.isInfinite(json.getDoubleValue())) {
      throw new InvalidRecordException("decode: " + path + " is out of range");
    }
  }

  private void text(String path, JsonToken value) throws InvalidRecordException {
    if (value != JsonToken.VALUE_STRING) {
      requireNull(path, value, "a string");
    }
  }

  private void bool(String path, JsonToken value) throws InvalidRecordException {
    if (!value.isBoolean()) {
      requireNull(path, value, "true or false");
    }
  }

  private void meta(JsonToken start) throws InvalidRecordException {
    if (!isObject("meta", start)) {
      return;
    }
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (fold(field)) {
        case "logins" -> logins(value);
        case "phone_numbers" -> phoneNumbers(value);
        default -> json.skipChildren();
      }
    }
  }

  private void logins(JsonToken start) throws InvalidRecordException {
    if (start != JsonToken.START_ARRAY) {
      requireNull("meta.logins", start, "an array");
      return;
    }
    for (JsonToken login = json.nextToken();
        login != JsonToken.END_ARRAY;
        login = json.nextToken()) {
      login(login);
    }
  }

  private void login(JsonToken start) throws InvalidRecordException {
    if (!isObject("meta.logins[]", start)) {
      return;
    }
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (fold(field)) {
        case "time" -> time(value);
        case "ip" -> text("meta.logins[].ip", value);
        default -> json.skipChildren();
      }
    }
  }

  private void time(JsonToken value) throws InvalidRecordException {
    if (value != JsonToken.VALUE_STRING) {
      requireNull("meta.logins[].time", value, "a string");
    } else if (!Rfc3339.isTimestamp(json.getString())) {
      throw new InvalidRecordException(
          "decode: meta.logins[].time must be an RFC 3339 timestamp such as 2020-08-08T01:52:50Z");
    }
  }

  private void phoneNumbers(JsonToken start) throws InvalidRecordException {
    if (!isObject("meta.phone_numbers", start)) {
      return;
    }
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (fold(field)) {
        case "home", "mobile" -> text("meta.phone_numbers." + fold(field), value);
        default -> json.skipChildren();
      }
    }
  }

  private boolean isObject(String path, JsonToken value) throws InvalidRecordException {
    if (value == JsonToken.START_OBJECT) {
      return true;
    }
    requireNull(path, value, "an object");
    return false;
  }

  private static void requireNull(String path, JsonToken value, String wanted)
      throws InvalidRecordException {
    if (value != JsonToken.VALUE_NULL) {
      throw new InvalidRecordException(
          String.format(
              Locale.ROOT, "decode: %s must be %s, but is %s", path, wanted, nameOf(value)));
    }
  }

  private static String nameOf(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "another kind of number";
      case VALUE_NULL -> "null";
      default -> token.isBoolean() ? "a boolean" : token.toString();
    };
  }

  /**
   * JSON that is exchanged is UTF-8 without a byte order mark (RFC 8259, section 8.1). The parser
   * would also guess UTF-16 and UTF-32, by zeros among the first bytes; joined with others into one
   * array those would be garbage.
   */
  private static void requireUtf8(byte[] body) throws InvalidRecordException {
    boolean ascii = true;
    for (int i = 0; i < body.length && ascii; i++) {
      ascii = body[i] > 0 || (body[i] == 0 && i >= SNIFFED);
    }
    if (ascii) {
      return;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (text.startsWith("\uFEFF") || text.lastIndexOf('\0', SNIFFED) >= 0) {
        throw new InvalidRecordException("decode: a byte order mark or a zero byte leads the body");
      }
    } catch (CharacterCodingException e) {
      throw new InvalidRecordException("decode: the body is not UTF-8");
    }
  }
}
