package dev.eventcollector.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the unit of work publish before whatever commits the response for the first time: a flush, a
 * redirect, the end of the body, or a buffer that is full (Servlet 6.0, section 5.1).
 *
 * <p>The container learns the content length no earlier than that. Some commit a response as soon
 * as its content is complete (section 5.6), while the application may still fail.
 */
final class UnitResponse extends RefusableResponse {

  private static final String CONTENT_LENGTH = "Content-Length";
  private static final int UNKNOWN = -1;

  private final RequestUnit unit;
  private boolean watching = true;
  private boolean commitIsDue;
  private boolean nonBlocking;
  private long written;
  private long contentLength = UNKNOWN;
  private @Nullable ServletOutputStream stream;
  private @Nullable PrintWriter writer;

  UnitResponse(RequestUnit unit, HttpServletResponse response) {
    super(response);
    this.unit = unit;
  }

  /** Whether nothing has been committed yet, as far as is known. */
  boolean isWatching() {
    return watching;
  }

  /** Non-blocking writes may reach the network at once, so the first one counts as the commit. */
  WriteListener becomeNonBlocking(WriteListener listener) {
    nonBlocking = true;
    return new UnitListener.OfWrites(unit, listener);
  }

  /**
   * To be called before something that commits the response.
   *
   * @return whether that may go on
   */
  boolean beforeCommit() {
    return beforeCommit(getStatus());
  }

  private boolean beforeCommit(int status) {
    if (watching) {
      watching = false;
      if (!super.isCommitted() && !unit.beforeCommit(status)) {
        becomeRefused();
      } else {
        tellContentLength();
      }
    }
    return !isRefused();
  }

  /** Tells the container what it has not been told yet, since the request ends now. */
  void end() {
    if (watching) {
      tellContentLength();
    }
  }

  private void tellContentLength() {
    if (contentLength != UNKNOWN) {
      super.setContentLengthLong(contentLength);
      contentLength = UNKNOWN;
    }
  }

  /**
   * To be called before a write of so many bytes.
   *
   * @return whether it may go on
   */
  boolean beforeWrite(long bytes) {
    if (!watching) {
      return !isRefused();
    }
    written += bytes;
    if (nonBlocking) {
      return beforeCommit();
    }
    if (written >= getBufferSize() || (contentLength != UNKNOWN && written > contentLength)) {
      commitIsDue = true;
      return beforeCommit();
    }
    return true;
  }

  /**
   * To be called after a write. When that should have committed the response, it does now: what was
   * published must not be followed by another status.
   */
  void afterWrite() throws IOException {
    if (commitIsDue) {
      commitIsDue = false;
      super.flushBuffer();
    }
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (stream == null) {
      stream = new UnitOutputStream(this, super.getOutputStream());
    }
    return stream;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    if (writer == null) {
      writer = new UnitWriter(this, super.getWriter());
    }
    return writer;
  }

  @Override
  public void flushBuffer() throws IOException {
    if (beforeCommit()) {
      super.flushBuffer();
    }
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    contentLength = UNKNOWN;
    if (beforeCommit(SC_FOUND)) {
      super.sendRedirect(location);
    }
  }

  // The next three override methods of Servlet 6.1, which this class is not compiled against.

  public void sendRedirect(String location, int status) throws IOException {
    sendRedirect(location, status, true);
  }

  public void sendRedirect(String location, boolean clearBuffer) throws IOException {
    sendRedirect(location, SC_FOUND, clearBuffer);
  }

  public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
    contentLength = clearBuffer ? UNKNOWN : contentLength;
    if (beforeCommit(status)) {
      Servlet61.sendRedirect((HttpServletResponse) getResponse(), location, status, clearBuffer);
    }
  }

  @Override
  public void sendError(int status) throws IOException {
    if (maySendError(status)) {
      super.sendError(status);
      errorSent(status);
    }
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    if (maySendError(status)) {
      super.sendError(status, message);
      errorSent(status);
    }
  }

  private boolean maySendError(int status) {
    return unit.isSuccess(status) ? beforeCommit(status) : !isRefused();
  }

  private void errorSent(int status) {
    // An included resource cannot send an error (Servlet 6.0, section 9.3); the status tells.
    if (getStatus() == status) {
      contentLength = UNKNOWN;
      if (!unit.isSuccess(status)) {
        unit.doom();
      }
    }
  }

  @Override
  public void reset() {
    super.reset();
    if (!isRefused()) {
      written = 0;
      contentLength = UNKNOWN;
      stream = null;
      writer = null;
    }
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    written = 0;
  }

  @Override
  public void setContentLengthLong(long length) {
    if (watching && length >= 0) {
      contentLength = length;
    } else {
      contentLength = UNKNOWN;
      super.setContentLengthLong(length);
    }
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    if (!holdsContentLength(name, value)) {
      super.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, @Nullable String value) {
    if (!holdsContentLength(name, value)) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void setIntHeader(String name, int value) {
    if (isContentLength(name)) {
      setContentLengthLong(value);
    } else {
      super.setIntHeader(name, value);
    }
  }

  @Override
  public void addIntHeader(String name, int value) {
    if (isContentLength(name)) {
      setContentLengthLong(value);
    } else {
      super.addIntHeader(name, value);
    }
  }

  private boolean holdsContentLength(String name, @Nullable String value) {
    if (!watching || !isContentLength(name)) {
      return false;
    }
    // What is not a length is the container's to judge.
    if (value == null || !value.matches("\\d{1,18}")) {
      contentLength = UNKNOWN;
      return false;
    }
    contentLength = Long.parseLong(value);
    return true;
  }

  private static boolean isContentLength(String name) {
    return CONTENT_LENGTH.equalsIgnoreCase(name);
  }

  private boolean knowsBetter(String name) {
    return contentLength != UNKNOWN && isContentLength(name);
  }

  @Override
  public boolean containsHeader(String name) {
    return knowsBetter(name) || super.containsHeader(name);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return knowsBetter(name) ? Long.toString(contentLength) : super.getHeader(name);
  }

  @Override
  public Collection<String> getHeaders(String name) {
    return knowsBetter(name) ? List.of(Long.toString(contentLength)) : super.getHeaders(name);
  }

  @Override
  public Collection<String> getHeaderNames() {
    if (contentLength == UNKNOWN || super.containsHeader(CONTENT_LENGTH)) {
      return super.getHeaderNames();
    }
    Collection<String> names = new ArrayList<>(super.getHeaderNames());
    names.add(CONTENT_LENGTH);
    return names;
  }
}
