package dev.eventcollector.examples.faktory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Answers the server's greeting (Faktory, protocol specification, "Initial handshake").
 *
 * @param identity of a worker; null for those who only push
 */
record Hello(ServerAddress address, @Nullable Identity identity) {

  private static final String GREETING = "HI ";
  private static final int VERSION = 2;

  /** The server asks for 4,000 to 8,095 rounds; more than these only keep us busy. */
  private static final int MAX_ROUNDS = 1_000_000;

  /**
   * The identity of a worker.
   *
   * @param wid the worker's id, unique among all, which its connections share
   */
  record Identity(String wid, String hostname, long pid, List<String> labels) {}

  /** The answer to this greeting. */
  byte[] answer(Reply greeting) throws FaktoryException {
    if (!(greeting instanceof Reply.Text text) || !text.text().startsWith(GREETING)) {
      throw new FaktoryException(
          "what answers is not Faktory: it greets with " + greeting.description());
    }
    byte[] hi = text.text().substring(GREETING.length()).getBytes(StandardCharsets.UTF_8);
    String hash = passwordHash(hi);
    return Json.object(
        json -> {
          json.writeNumberProperty("v", VERSION);
          if (address.username() != null) {
            json.writeStringProperty("username", address.username());
          }
          if (hash != null) {
            json.writeStringProperty("pwdhash", hash);
          }
          if (identity != null) {
            json.writeStringProperty("wid", identity.wid());
            json.writeStringProperty("hostname", identity.hostname());
            json.writeNumberProperty("pid", identity.pid());
            json.writeName("labels");
            json.writeStartArray();
            identity.labels().forEach(json::writeString);
            json.writeEndArray();
          }
        });
  }

  private @Nullable String passwordHash(byte[] hi) throws FaktoryException {
    String salt = null;
    long rounds = 1;
    try (JsonParser json = Json.parser(hi)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new FaktoryException("the server's greeting has no object");
      }
      for (String field = json.nextName(); field != null; field = json.nextName()) {
        JsonToken value = json.nextToken();
        if (field.equals("s") && value == JsonToken.VALUE_STRING) {
          salt = json.getString();
        } else if (field.equals("i") && value == JsonToken.VALUE_NUMBER_INT) {
          rounds = json.getLongValue();
        } else {
          json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw new FaktoryException("the server's greeting is no JSON");
    }
    if (salt == null) {
      return null;
    }
    String password = address.password();
    if (password == null) {
      throw new FaktoryException(
          String.format(
              Locale.ROOT,
              "the server at %s asks for a password, and the URL has none: tcp://:password@host",
              address));
    }
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new FaktoryException("the server asks for a hash of " + rounds + " rounds");
    }
    return hash(password, salt, (int) rounds);
  }

  /** SHA-256 of password and salt, then, each further round, of the digest before. */
  static String hash(String password, String salt, int rounds) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = (password + salt).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < rounds; i++) {
        digest = sha.digest(digest);
      }
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
