package dev.eventcollector.examples.forwarder;

import dev.eventcollector.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A batch as it is posted: a JSON array of the records as they came, with a Content-Length, since
 * not every sink reads chunked bodies. The records are not copied, unless they are compressed.
 *
 * @param contentEncoding null when it is as it is
 */
record BatchBody(List<byte[]> parts, long length, @Nullable String contentEncoding) {

  private static final byte[] OPEN = {'['};
  private static final byte[] SEPARATOR = {','};
  private static final byte[] CLOSE = {']'};

  static BatchBody of(List<Event> chunk, boolean gzip) {
    List<byte[]> parts = new ArrayList<>(2 * chunk.size() + 1);
    long length = 0;
    for (Event event : chunk) {
      byte[] before = parts.isEmpty() ? OPEN : SEPARATOR;
      parts.add(before);
      parts.add(event.body());
      length += before.length + event.body().length;
    }
    parts.add(CLOSE);
    length += CLOSE.length;
    if (!gzip) {
      return new BatchBody(parts, length, null);
    }
    byte[] compressed = compress(parts);
    return new BatchBody(List.of(compressed), compressed.length, "gzip");
  }

  private static byte[] compress(List<byte[]> parts) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      for (byte[] part : parts) {
        gzip.write(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a stream in memory has no reason to
    }
    return compressed.toByteArray();
  }

  BodyPublisher publisher() {
    return BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(parts), length);
  }
}
