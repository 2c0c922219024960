package dev.eventcollector.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.Objects;

/** Lets a listener to non-blocking input collect into the unit of work. */
final class UnitInputStream extends ServletInputStream {

  private final RequestUnit unit;
  private final ServletInputStream in;

  UnitInputStream(RequestUnit unit, ServletInputStream in) {
    this.unit = unit;
    this.in = in;
  }

  boolean wraps(ServletInputStream other) {
    return in == other;
  }

  @Override
  public void setReadListener(ReadListener listener) {
    Objects.requireNonNull(listener, "listener");
    in.setReadListener(new UnitListener.OfReads(unit, listener));
  }

  @Override
  public boolean isReady() {
    return in.isReady();
  }

  @Override
  public boolean isFinished() {
    return in.isFinished();
  }

  @Override
  public int read() throws IOException {
    return in.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return in.read(bytes, offset, length);
  }

  @Override
  public int readLine(byte[] bytes, int offset, int length) throws IOException {
    return in.readLine(bytes, offset, length);
  }

  @Override
  public long skip(long count) throws IOException {
    return in.skip(count);
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
