package dev.eventcollector.examples.webhooks.page;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * A payload as people read it.
 *
 * @param shortened whether there is more of it
 */
record PagePayload(String text, boolean shortened) {

  static final int MAX_BYTES = 256 * 1024;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final ObjectWriter PRETTY = JSON.writerWithDefaultPrettyPrinter();

  /**
   * Indented when it is JSON and not too long; numbers and the order of fields stay as they are.
   */
  static PagePayload of(byte[] body) {
    if (body.length > MAX_BYTES) {
      return new PagePayload(new String(body, 0, MAX_BYTES, StandardCharsets.UTF_8), true);
    }
    StringWriter text = new StringWriter();
    try (JsonParser parser = JSON.createParser(body);
        JsonGenerator generator = PRETTY.createGenerator(text)) {
      while (parser.nextToken() != null) {
        generator.copyCurrentEventExact(parser);
      }
    } catch (JacksonException e) {
      return new PagePayload(new String(body, StandardCharsets.UTF_8), false);
    }
    return new PagePayload(text.toString(), false);
  }
}
