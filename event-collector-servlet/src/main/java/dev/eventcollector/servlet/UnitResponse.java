package dev.eventcollector.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the unit of work publish before the response is first committed: by a flush, a redirect, the
 * end of the body, or a full buffer (Servlet 6.0, section 5.1).
 */
final class UnitResponse extends HeldLengthResponse {

  private final RequestUnit unit;
  private final HttpServletResponse given;
  private boolean watching = true;
  private boolean commitIsDue;
  private boolean nonBlocking;
  private long written;
  private @Nullable UnitOutputStream stream;
  private @Nullable UnitWriter writer;

  UnitResponse(RequestUnit unit, HttpServletResponse given) {
    super(given);
    this.unit = unit;
    this.given = given;
  }

  /** Whether the response is the wanted one, or wraps it. */
  static boolean isWithin(ServletResponse response, @Nullable UnitResponse wanted) {
    return wanted != null
        && (response == wanted
            || (response instanceof ServletResponseWrapper outer && outer.isWrapperFor(wanted)));
  }

  /** Whether no commit is known yet. */
  boolean isWatching() {
    return watching;
  }

  RequestUnit unit() {
    return unit;
  }

  /** Undertow ignores attempts of an included resource to commit this response. */
  private boolean isIgnored() {
    return unit.dispatcherType() == DispatcherType.INCLUDE && !isShielded();
  }

  /** Tomcat ignores some of these, by its own response beneath this one. */
  @Override
  boolean isIncluded() {
    return unit.dispatcherType() == DispatcherType.INCLUDE;
  }

  private boolean isShielded() {
    return getResponse() != given;
  }

  /**
   * Call it before the response is flushed or its body closed.
   *
   * @return whether the caller may go on
   */
  boolean beforeCommit() {
    return isIgnored() ? !isRefused() : beforeCommit(getStatus());
  }

  private boolean beforeCommit(int status) {
    if (watching) {
      boolean mayGoOn = super.isCommitted() || unit.beforeCommit(status);
      watching = false; // but not after an exception
      if (mayGoOn) {
        releaseContentLength();
      } else {
        becomeRefused();
      }
    }
    return !isRefused();
  }

  /** Call it when the request ends without a commit. */
  void end() {
    if (watching) {
      releaseContentLength();
    }
  }

  /**
   * Call it before a write of this many bytes.
   *
   * @return whether it may go on
   */
  boolean beforeWrite(long bytes) {
    if (!watching) {
      return !isRefused();
    }
    written += bytes;
    if (nonBlocking) {
      return beforeCommit(getStatus());
    }
    if (written >= getBufferSize() || isBeyondContentLength(written)) {
      commitIsDue = true;
      return beforeCommit(getStatus());
    }
    return true;
  }

  /**
   * Call it after a write. Commits the response if the write should have: no other status may
   * follow published events.
   */
  void afterWrite() throws IOException {
    if (commitIsDue) {
      commitIsDue = false;
      super.flushBuffer();
    }
  }

  /**
   * Non-blocking writes may reach the network at once, so the first one counts as the commit.
   *
   * @return the previous value
   */
  boolean setNonBlocking(boolean value) {
    boolean before = nonBlocking;
    nonBlocking = value;
    return before;
  }

  // Asks the container each time: it may refuse, and after a forward it counts anew. When the
  // answer differs, leaves filters in front alone, which may write as soon as they are asked.

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (isRefused() && stream != null) {
      return stream;
    }
    ServletOutputStream out = super.getOutputStream();
    if (stream == null || !stream.wraps(out)) {
      stream = new UnitOutputStream(this, out);
    }
    return stream;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    if (isRefused()) {
      return writer != null ? writer : new PrintWriter(Writer.nullWriter());
    }
    PrintWriter out = super.getWriter();
    if (writer == null || !writer.wraps(out)) {
      writer = new UnitWriter(this, out);
    }
    return writer;
  }

  /** Call it when the container has emptied its buffer. */
  void forgetWritten() {
    written = 0;
  }

  @Override
  public void reset() {
    super.reset();
    if (!isRefused()) {
      forgetWritten();
    }
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    forgetWritten();
  }

  @Override
  public void flushBuffer() throws IOException {
    if (beforeCommit()) {
      super.flushBuffer();
    }
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    if (location == null || beforeRedirect(SC_FOUND, true)) {
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
    if (location == null || beforeRedirect(status, clearBuffer)) {
      Servlet61.sendRedirect((HttpServletResponse) getResponse(), location, status, clearBuffer);
    }
  }

  private boolean beforeRedirect(int status, boolean clearBuffer) {
    if (isIncluded()) {
      return !isRefused();
    }
    if (clearBuffer) {
      forgetContentLength();
    }
    return beforeCommit(status);
  }

  @Override
  public void sendError(int status) throws IOException {
    if (beforeError(status)) {
      super.sendError(status);
    }
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    if (beforeError(status)) {
      super.sendError(status, message);
    }
  }

  private boolean beforeError(int status) {
    if (isInterim(status) || super.isCommitted()) {
      return !isRefused(); // it ends nothing, or the container will refuse it
    }
    if (!isIncluded()) { // an included resource cannot send an error (Servlet 6.0, section 9.3)
      forgetContentLength();
      if (unit.isSuccess(status)) {
        return beforeCommit(status);
      }
      unit.doom();
    }
    return !isRefused();
  }

  /** Jetty sends these before the actual response (early hints, RFC 8297). */
  private static boolean isInterim(int status) {
    return status >= SC_CONTINUE && status < SC_OK;
  }
}
