package dev.eventcollector.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A response that holds its content length back from the container until the commit. Otherwise some
 * containers commit it as soon as its content is complete (Servlet 6.0, section 5.6), while the
 * application may still fail.
 */
abstract class HeldLengthResponse extends RefusableResponse {

  private static final String CONTENT_LENGTH = "Content-Length";
  private static final int UNKNOWN = -1;

  /** All forms of a length that any of the containers accepts. */
  private static final Pattern LENGTH = Pattern.compile("\\s*\\+?\\d{1,18}\\s*");

  private boolean holding = true;
  private long contentLength = UNKNOWN;
  private @Nullable String asGiven; // with a sign or spaces, which not all accept

  HeldLengthResponse(HttpServletResponse response) {
    super(response);
  }

  /** Whether an included resource writes; it cannot set headers. */
  abstract boolean isIncluded();

  final void releaseContentLength() {
    holding = false;
    if (contentLength != UNKNOWN) {
      if (asGiven == null) {
        super.setContentLengthLong(contentLength);
      } else {
        super.setHeader(CONTENT_LENGTH, asGiven);
      }
      contentLength = UNKNOWN;
    }
  }

  final boolean holdsContentLength() {
    return contentLength != UNKNOWN;
  }

  final void forgetContentLength() {
    contentLength = UNKNOWN;
  }

  final boolean isBeyondContentLength(long written) {
    return contentLength != UNKNOWN && written > contentLength;
  }

  @Override
  public void reset() {
    super.reset();
    contentLength = UNKNOWN;
  }

  @Override
  public void setContentLength(int length) {
    setContentLengthLong(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    if (isIncluded()) {
      super.setContentLengthLong(length);
    } else if (holding && length >= 0) {
      contentLength = length;
      asGiven = null;
    } else {
      contentLength = UNKNOWN;
      super.setContentLengthLong(length);
    }
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    if (!holds(name, value)) {
      super.setHeader(name, value);
      if (isContentLength(name) && !isIncluded()) {
        forgetContentLength(); // the header was taken back
      }
    }
  }

  @Override
  public void addHeader(String name, @Nullable String value) {
    if (!holds(name, value)) {
      super.addHeader(name, value);
    }
  }

  private boolean holds(String name, @Nullable String value) {
    // The container decides about values that are not a length.
    if (!isContentLength(name) || value == null || !LENGTH.matcher(value).matches()) {
      return false;
    }
    String plain = value.strip();
    if (plain.equals(value) && !plain.startsWith("+")) {
      setContentLengthLong(Long.parseLong(plain));
      return true;
    }
    if (!holding || isIncluded()) {
      return false;
    }
    contentLength = Long.parseLong(plain);
    asGiven = value;
    return true;
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

  private static boolean isContentLength(String name) {
    return CONTENT_LENGTH.equalsIgnoreCase(name);
  }

  private boolean isHeld(String name) {
    return contentLength != UNKNOWN && isContentLength(name);
  }

  @Override
  public boolean containsHeader(String name) {
    return isHeld(name) || super.containsHeader(name);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return isHeld(name) ? heldLength() : super.getHeader(name);
  }

  @Override
  public Collection<String> getHeaders(String name) {
    return isHeld(name) ? List.of(heldLength()) : super.getHeaders(name);
  }

  private String heldLength() {
    return asGiven == null ? Long.toString(contentLength) : asGiven;
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
