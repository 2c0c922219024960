package dev.eventcollector.examples.work.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/** What a request is answered with: a status, headers, a body. */
record Answer(int status, Map<String, String> headers, byte[] body) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** This, as JSON. */
  static Answer ok(Object content) {
    return json(HttpStatus.OK_200, content);
  }

  /** Why it was not done, as JSON. */
  static Answer refusal(int status, String reason) {
    return json(status, Map.of("content", reason));
  }

  static Answer json(int status, Object content) {
    return new Answer(
        status, Map.of("Content-Type", "application/json"), JSON.writeValueAsBytes(content));
  }

  static Answer text(String contentType, String text) {
    return new Answer(
        HttpStatus.OK_200,
        Map.of("Content-Type", contentType),
        text.getBytes(StandardCharsets.UTF_8));
  }

  Answer withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }
}
