package dev.eventcollector.servlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.CharBuffer;
import java.util.Locale;

/** Announces each write to the {@link UnitResponse}. */
final class UnitWriter extends PrintWriter {

  private final UnitResponse response;
  private final PrintWriter writer;
  private final TextSize size;
  private boolean failed;

  UnitWriter(UnitResponse response, PrintWriter writer) {
    super(writer);
    this.response = response;
    this.writer = writer;
    size = TextSize.in(response.getCharacterEncoding());
  }

  boolean wraps(PrintWriter other) {
    return writer == other;
  }

  @Override
  public void write(int c) {
    if (response.beforeWrite(size.length((char) c))) {
      writer.write(c);
      afterWrite();
    }
  }

  @Override
  public void write(char[] chars, int offset, int length) {
    long bytes = response.isWatching() ? size.length(CharBuffer.wrap(chars, offset, length)) : 0;
    if (response.beforeWrite(bytes)) {
      writer.write(chars, offset, length);
      afterWrite();
    }
  }

  @Override
  public void write(String text, int offset, int length) {
    long bytes =
        response.isWatching() ? size.length(CharBuffer.wrap(text, offset, offset + length)) : 0;
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
  @LocaleOfTheContainer
  public PrintWriter format(String format, Object... arguments) {
    String about = String.format(response.getLocale(), format, arguments);
    if (response.beforeWrite(size.length(about))) {
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

  private void afterWrite() {
    try {
      response.afterWrite();
    } catch (IOException e) {
      failed = true;
    }
  }
}
