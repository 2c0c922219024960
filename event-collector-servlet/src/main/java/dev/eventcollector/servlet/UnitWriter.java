package dev.eventcollector.servlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Tells the {@link UnitResponse} what is going to be written. */
final class UnitWriter extends PrintWriter {

  private final UnitResponse response;
  private final PrintWriter writer;
  private final boolean utf8;
  private final boolean oneByte;
  private final Charset charset;
  private boolean failed;

  UnitWriter(UnitResponse response, PrintWriter writer) {
    super(writer);
    this.response = response;
    this.writer = writer;
    Charset named = Charset.forName(response.getCharacterEncoding());
    charset = named.equals(StandardCharsets.UTF_16) ? StandardCharsets.UTF_16BE : named;
    utf8 = charset.equals(StandardCharsets.UTF_8);
    oneByte = charset.newEncoder().maxBytesPerChar() == 1;
  }

  boolean wraps(PrintWriter other) {
    return writer == other;
  }

  @Override
  public void write(int c) {
    if (response.beforeWrite(bytesOf((char) c))) {
      writer.write(c);
      afterWrite();
    }
  }

  @Override
  public void write(char[] chars, int offset, int length) {
    long bytes = response.isWatching() ? bytesOf(CharBuffer.wrap(chars, offset, length)) : 0;
    if (response.beforeWrite(bytes)) {
      writer.write(chars, offset, length);
      afterWrite();
    }
  }

  @Override
  public void write(String text, int offset, int length) {
    long bytes =
        response.isWatching() ? bytesOf(CharBuffer.wrap(text, offset, offset + length)) : 0;
    if (response.beforeWrite(bytes)) {
      writer.write(text, offset, length);
      afterWrite();
    }
  }

  // The container's line separator and locale may differ from those of PrintWriter.

  @Override
  public void println() {
    if (response.beforeWrite(2)) {
      writer.println();
      afterWrite();
    }
  }

  @Override
  public PrintWriter format(String format, Object... arguments) {
    String about = String.format(response.getLocale(), format, arguments);
    if (response.beforeWrite(bytesOf(about))) {
      writer.format(format, arguments);
      afterWrite();
    }
    return this;
  }

  @Override
  public PrintWriter format(Locale locale, String format, Object... arguments) {
    write(String.format(locale, format, arguments));
    return this;
  }

  @Override
  public void flush() {
    if (response.beforeCommit()) {
      writer.flush();
    }
  }

  @Override
  public void close() {
    if (response.beforeCommit()) {
      writer.close();
    }
  }

  @Override
  public boolean checkError() {
    return super.checkError() || failed;
  }

  /**
   * Of what is written now; marks and escapes of the whole text (UTF-16, ISO 2022) are left out.
   */
  private long bytesOf(CharSequence text) {
    if (utf8) {
      return Utf8.lengthOf(text);
    }
    return oneByte ? text.length() : charset.encode(CharBuffer.wrap(text)).remaining();
  }

  private long bytesOf(char c) {
    return utf8 ? Utf8.lengthOf(c) : bytesOf(String.valueOf(c));
  }

  private void afterWrite() {
    try {
      response.afterWrite();
    } catch (IOException e) {
      failed = true;
    }
  }
}
