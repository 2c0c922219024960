package dev.eventcollector.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Keeps both bodies in memory, as filters for logs, signatures and ETags do. */
final class CachingFilter implements Filter {

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    byte[] body = request.getInputStream().readAllBytes();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    HttpServletResponse out = (HttpServletResponse) response;
    CachedResponse cached = new CachedResponse(out, answer);
    chain.doFilter(new CachedRequest((HttpServletRequest) request, body), cached);
    cached.writer.flush();
    if (!out.isCommitted()) {
      out.setHeader("ETag", "\"" + answer.size() + "\"");
      out.setContentLength(answer.size());
      out.getOutputStream().write(answer.toByteArray());
    }
  }

  private static final class CachedRequest extends HttpServletRequestWrapper {
    private final ByteArrayInputStream body;

    CachedRequest(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = new ByteArrayInputStream(body);
    }

    @Override
    public ServletInputStream getInputStream() {
      return new ServletInputStream() {
        @Override
        public int read() {
          return body.read();
        }

        @Override
        public boolean isFinished() {
          return body.available() == 0;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          throw new IllegalStateException("blocking only");
        }
      };
    }

    @Override
    public BufferedReader getReader() {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }

  private static final class CachedResponse extends HttpServletResponseWrapper {
    private final ServletOutputStream stream;
    private final PrintWriter writer;

    CachedResponse(HttpServletResponse response, ByteArrayOutputStream answer) {
      super(response);
      stream =
          new ServletOutputStream() {
            @Override
            public void write(int b) {
              answer.write(b);
            }

            @Override
            public boolean isReady() {
              return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
              throw new IllegalStateException("blocking only");
            }
          };
      writer = new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    }

    @Override
    public ServletOutputStream getOutputStream() {
      return stream;
    }

    @Override
    public PrintWriter getWriter() {
      return writer;
    }
  }
}
