package dev.eventcollector.servlet;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response that the application cannot change once another answer was sent in its place, as after
 * {@code sendError}.
 */
abstract class RefusableResponse extends HttpServletResponseWrapper {

  private boolean refused;

  RefusableResponse(HttpServletResponse response) {
    super(response);
  }

  final boolean isRefused() {
    return refused;
  }

  final void becomeRefused() {
    refused = true;
  }

  @Override
  public boolean isCommitted() {
    return refused || super.isCommitted();
  }

  @Override
  public void reset() {
    if (!refused) {
      super.reset();
    }
  }

  @Override
  public void resetBuffer() {
    if (!refused) {
      super.resetBuffer();
    }
  }

  @Override
  public void setBufferSize(int size) {
    if (!refused) {
      super.setBufferSize(size);
    }
  }

  @Override
  public void setStatus(int status) {
    if (!refused) {
      super.setStatus(status);
    }
  }

  @Override
  public void addCookie(Cookie cookie) {
    if (!refused) {
      super.addCookie(cookie);
    }
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    if (!refused) {
      super.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, @Nullable String value) {
    if (!refused) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void setIntHeader(String name, int value) {
    if (!refused) {
      super.setIntHeader(name, value);
    }
  }

  @Override
  public void addIntHeader(String name, int value) {
    if (!refused) {
      super.addIntHeader(name, value);
    }
  }

  @Override
  public void setDateHeader(String name, long date) {
    if (!refused) {
      super.setDateHeader(name, date);
    }
  }

  @Override
  public void addDateHeader(String name, long date) {
    if (!refused) {
      super.addDateHeader(name, date);
    }
  }

  @Override
  public void setContentType(@Nullable String type) {
    if (!refused) {
      super.setContentType(type);
    }
  }

  @Override
  public void setContentLengthLong(long length) {
    if (!refused) {
      super.setContentLengthLong(length);
    }
  }

  @Override
  public void setCharacterEncoding(@Nullable String encoding) {
    if (!refused) {
      super.setCharacterEncoding(encoding);
    }
  }

  // Overrides a method of Servlet 6.1, which this class is not compiled against.
  public void setCharacterEncoding(@Nullable Charset encoding) {
    setCharacterEncoding(encoding == null ? null : encoding.name());
  }

  @Override
  public void setTrailerFields(Supplier<Map<String, String>> trailers) {
    if (!refused) {
      super.setTrailerFields(trailers);
    }
  }

  @Override
  public void setLocale(Locale locale) {
    if (!refused) {
      super.setLocale(locale);
    }
  }
}
