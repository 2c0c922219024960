package dev.eventcollector.examples.work.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** What a request is answered with: a status, headers, a body. */
public record Answer(int status, Map<String, String> headers, byte[] body) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** This, as JSON. */
  public static Answer ok(Object content) {
    return json(HttpStatus.OK_200, content);
  }

  /** Why it was not done, as JSON. */
  public static Answer refusal(int status, String reason) {
    return json(status, Map.of("content", reason));
  }

  /** This status, and this content as JSON. */
  public static Answer json(int status, Object content) {
    return new Answer(
        status, Map.of("Content-Type", "application/json"), JSON.writeValueAsBytes(content));
  }

  /** This text. */
  public static Answer text(String contentType, String text) {
    return new Answer(
        HttpStatus.OK_200,
        Map.of("Content-Type", contentType),
        text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same, with a header more. */
  public Answer withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  /** There is nothing at this path. */
  public static Answer noRoute() {
    return refusal(HttpStatus.NOT_FOUND_404, "route not found");
  }

  /** The path takes other methods. */
  public static Answer notAllowed(String allowed) {
    return refusal(HttpStatus.METHOD_NOT_ALLOWED_405, "method not allowed")
        .withHeader("Allow", allowed);
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
