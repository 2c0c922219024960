package dev.eventcollector.examples.webhooks.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What a request is answered with: a status, headers, a body. */
public record Answer(int status, Map<String, String> headers, byte[] body) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** A JSON object of these texts: name, value, name, value, and so on. */
  public static Answer json(int status, String... namesAndValues) {
    Map<String, String> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Answer(
        status, Map.of("Content-Type", "application/json"), JSON.writeValueAsBytes(object));
  }

  static Answer text(String contentType, String text) {
    return new Answer(
        HttpServletResponse.SC_OK,
        Map.of("Content-Type", contentType),
        text.getBytes(StandardCharsets.UTF_8));
  }

  Answer withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  public void writeTo(HttpServletResponse response) throws IOException {
    response.setStatus(status);
    headers.forEach(response::setHeader);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
