package dev.eventcollector.examples.support.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** The answer to a request: status, headers, body. */
public record Answer(int status, Map<String, String> headers, byte[] body) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** This content as JSON, with status 200. */
  public static Answer ok(Object content) {
    return json(HttpStatus.OK_200, content);
  }

  /** This content as JSON. */
  public static Answer json(int status, Object content) {
    return new Answer(
        status, Map.of("Content-Type", "application/json"), JSON.writeValueAsBytes(content));
  }

  /** The JSON object {@code {"message": ...}}. */
  public static Answer message(int status, String message) {
    return json(status, Map.of("message", message));
  }

  /** This text, with status 200. */
  public static Answer text(String contentType, String text) {
    return new Answer(
        HttpStatus.OK_200,
        Map.of("Content-Type", contentType),
        text.getBytes(StandardCharsets.UTF_8));
  }

  /** A 405: the path takes these methods only. */
  public static Answer notAllowed(String allowed) {
    return message(HttpStatus.METHOD_NOT_ALLOWED_405, reasonOfNotAllowed(allowed))
        .withHeader("Allow", allowed);
  }

  /** The sentence of a 405, for an API that words its errors in another way. */
  public static String reasonOfNotAllowed(String allowed) {
    String verb = allowed.contains(", ") ? " are" : " is";
    return "only " + allowed.replace(", ", " and ") + verb + " allowed";
  }

  /** The same answer with one more header. */
  public Answer withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  /** Whether the method only reads. */
  public static boolean isRead(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** Sends it. */
  public void write(Response response, Callback callback) {
    response.setStatus(status);
    headers.forEach(response.getHeaders()::put);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
