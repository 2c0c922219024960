package dev.eventcollector.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Compresses bodies, as many filters do. */
final class GzipFilter implements Filter {

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Compressing compressing = new Compressing((HttpServletResponse) response);
    chain.doFilter(request, compressing);
    compressing.end();
  }

  private static final class Compressing extends HttpServletResponseWrapper {
    private @Nullable Stream stream;
    private @Nullable PrintWriter writer;

    Compressing(HttpServletResponse response) {
      super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      if (stream == null) {
        setHeader("Content-Encoding", "gzip");
        stream = new Stream(super.getOutputStream());
      }
      return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
      if (writer == null) {
        writer = new PrintWriter(new OutputStreamWriter(getOutputStream(), StandardCharsets.UTF_8));
      }
      return writer;
    }

    @Override
    public void setContentLength(int length) {}

    @Override
    public void setContentLengthLong(long length) {}

    @Override
    public void flushBuffer() throws IOException {
      if (writer != null) {
        writer.flush();
      }
      if (stream != null) {
        stream.flush();
      }
      super.flushBuffer();
    }

    @Override
    public void resetBuffer() {
      super.resetBuffer();
      stream = null;
      writer = null;
    }

    @Override
    public void reset() {
      super.reset();
      stream = null;
      writer = null;
    }

    void end() throws IOException {
      if (writer != null) {
        writer.close();
      } else if (stream != null) {
        stream.close();
      }
    }
  }

  private static final class Stream extends ServletOutputStream {
    private final GZIPOutputStream gzip;
    private final ServletOutputStream out;

    Stream(ServletOutputStream out) throws IOException {
      this.gzip = new GZIPOutputStream(out, true);
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      gzip.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      gzip.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      gzip.flush();
    }

    @Override
    public void close() throws IOException {
      gzip.close();
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
