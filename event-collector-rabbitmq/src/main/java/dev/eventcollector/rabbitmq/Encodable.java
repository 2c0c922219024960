package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.ValueWriter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Properties of a message that has been received, such that they can be sent. Bytes that are no
 * UTF-8 take three bytes each once they are decoded, so a name of 255 bytes may have grown.
 */
final class Encodable {

  private Encodable() {}

  static BasicProperties of(BasicProperties properties) {
    Map<String, Object> headers = properties.getHeaders();
    return properties
        .builder()
        .contentType(FrameFit.shortString(properties.getContentType()))
        .contentEncoding(FrameFit.shortString(properties.getContentEncoding()))
        .headers(headers == null ? null : table(headers))
        .correlationId(FrameFit.shortString(properties.getCorrelationId()))
        .replyTo(FrameFit.shortString(properties.getReplyTo()))
        .messageId(FrameFit.shortString(properties.getMessageId()))
        .type(FrameFit.shortString(properties.getType()))
        .appId(FrameFit.shortString(properties.getAppId()))
        .clusterId(FrameFit.shortString(properties.getClusterId()))
        .build();
  }

  private static Map<String, Object> table(Map<?, ?> headers) {
    Map<String, Object> result = new LinkedHashMap<>();
    headers.forEach(
        (name, value) ->
            result.putIfAbsent(
                String.valueOf(FrameFit.shortString(String.valueOf(name))), value(value)));
    return result;
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return table(map);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> result = new ArrayList<>(list.size());
      list.forEach(element -> result.add(value(element)));
      return result;
    }
    return value == null || sizeOf("", value) > 0 ? value : String.valueOf(value);
  }

  /** The bytes of a header in a frame, with its name; 0 when it cannot be encoded. */
  static long sizeOf(String name, @Nullable Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ValueWriter writer = new ValueWriter(new DataOutputStream(bytes));
      writer.writeShortstr(name);
      writer.writeFieldValue(value);
      return bytes.size();
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }
}
