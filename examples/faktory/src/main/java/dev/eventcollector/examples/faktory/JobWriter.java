package dev.eventcollector.examples.faktory;

import dev.eventcollector.Event;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * Writes an event as a job.
 *
 * @param retries always written out: Faktory 1.10 gives a job without them those of another, once
 *     somebody has pushed one with {@code PUSH}
 */
record JobWriter(String jobType, int retries, long reserveForSeconds) {

  /** Of a control character (RFC 8259, section 7). */
  private static final int LENGTH_OF_ESCAPE = 6;

  byte[] write(Event event, String jid) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(event.body().length + 512);
    try (JsonGenerator json = Json.generator(out)) {
      json.writeStartObject();
      json.writeStringProperty("jid", jid);
      json.writeStringProperty("queue", event.queue());
      json.writeStringProperty("jobtype", jobType);
      json.writeNumberProperty("retry", retries);
      json.writeNumberProperty("reserve_for", reserveForSeconds);
      json.writeName("args");
      json.writeStartArray();
      boolean text = isText(event.body());
      if (text) {
        json.writeUTF8String(event.body(), 0, event.body().length);
      } else {
        json.writeString(Base64.getEncoder().encodeToString(event.body()));
      }
      json.writeEndArray();
      json.writeName("custom");
      json.writeStartObject();
      json.writeStringProperty(Envelope.ID, event.id());
      json.writeStringProperty(Envelope.BODY, text ? Envelope.TEXT : Envelope.BASE64);
      if (event.contentType() != null) {
        json.writeStringProperty(Envelope.CONTENT_TYPE, event.contentType());
      }
      for (Map.Entry<String, Object> header : event.headers().entrySet()) {
        json.writeStringProperty(
            Envelope.HEADER + header.getKey(),
            JobLimits.text(header.getKey(), header.getValue(), event));
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** Whether it is UTF-8, and shorter as JSON text than in Base64. */
  private static boolean isText(byte[] body) {
    int escaped = 0;
    for (byte one : body) {
      escaped += one >= 0 && one < ' ' ? LENGTH_OF_ESCAPE - 1 : 0;
    }
    if (escaped > body.length / 3 + LENGTH_OF_ESCAPE) {
      return false;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
