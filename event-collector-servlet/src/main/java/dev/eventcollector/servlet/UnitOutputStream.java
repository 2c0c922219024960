package dev.eventcollector.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Announces each write to the {@link UnitResponse}. */
final class UnitOutputStream extends ServletOutputStream {

  /**
   * Some containers do not buffer a large write, even if it fits, but commit the response with it.
   * So this stream cuts it while that matters.
   */
  private static final int SLICE = 1024;

  private final UnitResponse response;
  private final ServletOutputStream out;
  private String charset = "";
  private TextSize size = TextSize.in(null);

  UnitOutputStream(UnitResponse response, ServletOutputStream out) {
    this.response = response;
    this.out = out;
  }

  boolean wraps(ServletOutputStream other) {
    return out == other;
  }

  @Override
  public void write(int b) throws IOException {
    if (response.beforeWrite(1)) {
      out.write(b);
      response.afterWrite();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (response.beforeWrite(length)) {
      int end = offset + length;
      int from = offset;
      while (response.isWatching() && end - from > SLICE) {
        out.write(bytes, from, SLICE);
        from += SLICE;
      }
      out.write(bytes, from, end - from);
      response.afterWrite();
    }
  }

  @Override
  public void print(@Nullable String given) throws IOException {
    print(String.valueOf(given), "");
  }

  /** Jetty encodes text and end together. */
  @Override
  public void println(@Nullable String given) throws IOException {
    print(String.valueOf(given), "\r\n");
  }

  private void print(String text, String end) throws IOException {
    if (response.beforeWrite(response.isWatching() ? sizeOf(text + end) : 0)) {
      int from = 0;
      while (response.isWatching() && 4 * (text.length() - from) > SLICE && size.isDivisible()) {
        int to = TextSize.endOfCharacter(text, from + SLICE / 4);
        out.print(text.substring(from, to));
        from = to;
      }
      if (end.isEmpty()) {
        out.print(text.substring(from));
      } else {
        out.println(text.substring(from));
      }
      response.afterWrite();
    }
  }

  /** Jetty encodes with the response's charset, others encode each character as one byte. */
  private long sizeOf(String text) {
    String name = response.getCharacterEncoding();
    if (!charset.equals(name)) {
      charset = String.valueOf(name);
      size = TextSize.in(name);
    }
    long bytes = size.lengthAlone(text);
    boolean fits = size.isDivisible() || 4 * bytes <= response.getBufferSize();
    return fits ? bytes : Math.max(bytes, response.getBufferSize());
  }

  @Override
  public void flush() throws IOException {
    if (response.beforeCommit()) {
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    if (response.beforeCommit()) {
      out.close();
    }
  }

  @Override
  public boolean isReady() {
    return response.isRefused() || out.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    Objects.requireNonNull(listener, "listener");
    boolean before = response.setNonBlocking(true);
    try {
      out.setWriteListener(new UnitListener.OfWrites(response.unit(), listener));
    } catch (RuntimeException refused) {
      response.setNonBlocking(before);
      throw refused;
    }
  }
}
