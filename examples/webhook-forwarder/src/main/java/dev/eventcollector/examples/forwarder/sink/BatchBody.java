package dev.eventcollector.examples.forwarder.sink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A batch as it is posted: a JSON array of the records as they came, in one piece. (Of many pieces
 * the JDK's client would copy each into a buffer of 16 KiB.)
 *
 * @param contentEncoding null when it is as it is
 */
public record BatchBody(byte[] bytes, @Nullable String contentEncoding) {

  /** A batch of these records. */
  public static BatchBody of(List<byte[]> records, boolean gzip) {
    byte[] array = join(records);
    return gzip ? new BatchBody(compress(array), "gzip") : new BatchBody(array, null);
  }

  private static byte[] join(List<byte[]> records) {
    int length = 1;
    for (byte[] json : records) {
      length += 1 + json.length;
    }
    byte[] array = new byte[length];
    int at = 0;
    for (byte[] json : records) {
      array[at] = (byte) (at == 0 ? '[' : ',');
      at++;
      System.arraycopy(json, 0, array, at, json.length);
      at += json.length;
    }
    array[at] = ']';
    return array;
  }

  private static byte[] compress(byte[] array) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(array);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a stream in memory has no reason to
    }
    return compressed.toByteArray();
  }

  int length() {
    return bytes.length;
  }

  BodyPublisher publisher() {
    return BodyPublishers.ofByteArray(bytes);
  }
}
