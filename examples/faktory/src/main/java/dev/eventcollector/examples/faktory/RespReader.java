package dev.eventcollector.examples.faktory;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads answers. What is not one ends the connection; no length is believed before it has come. */
final class RespReader {

  private static final int MAX_LINE = 64 * 1024;

  /** Redis keeps no longer string, so Faktory has none (Redis, {@code proto-max-bulk-len}). */
  private static final int MAX_BULK = 512 * 1024 * 1024;

  private final InputStream in;

  RespReader(InputStream in) {
    this.in = in;
  }

  Reply read() throws IOException {
    int type = in.read();
    if (type < 0) {
      throw new EOFException("the server closed the connection");
    }
    return switch (type) {
      case '+' -> new Reply.Text(line());
      case '-' -> new Reply.Failure(line());
      case ':' -> new Reply.Number(number(line()));
      case '$' -> bulk(number(line()));
      default ->
          throw new FaktoryException(
              "what answers does not speak Faktory's protocol: an answer begins with byte "
                  + type
                  + (type == 0x15 ? ", as if it wanted TLS (tcp+tls://)" : ""));
    };
  }

  private Reply bulk(long length) throws IOException {
    if (length == -1) {
      return new Reply.Bulk(null);
    }
    if (length < 0 || length > MAX_BULK) {
      throw new FaktoryException("an answer claims a length of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes((int) length); // grows with what comes
    if (bytes.length < length) {
      throw new EOFException("the server closed the connection in the middle of an answer");
    }
    if (in.read() != '\r' || in.read() != '\n') {
      throw new FaktoryException("an answer is not as long as it claims");
    }
    return new Reply.Bulk(bytes);
  }

  private static long number(String line) throws FaktoryException {
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw new FaktoryException("an answer has no number where one belongs");
    }
  }

  private String line() throws IOException {
    byte[] line = new byte[128];
    int length = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the server closed the connection in the middle of an answer");
      }
      if (next == '\n') {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, 0, end, StandardCharsets.UTF_8);
      }
      if (length == MAX_LINE) {
        throw new FaktoryException("a line of an answer has more than " + MAX_LINE + " bytes");
      }
      if (length == line.length) {
        line = java.util.Arrays.copyOf(line, 2 * length);
      }
      line[length++] = (byte) next;
    }
  }
}
