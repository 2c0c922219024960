package dev.eventcollector.servlet;

import static dev.eventcollector.servlet.BodyBehavior.thrownBy;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Users of other filters that wrap have reported that these fail. */
enum ReportBehavior implements Behavior {
  /** Undertow takes another charset instead; the others refuse it (UNDERTOW-2237). */
  UNKNOWN_CHARSET(
      (request, response) -> {
        response.setContentType("text/plain;charset=unheard-of");
        response.getWriter().print("text");
      }),
  /** A charset that the JDK can only decode (logback PR 224). */
  CHARSET_TO_READ_ONLY(
      (request, response) -> {
        response.setContentType("text/plain;charset=ISO-2022-CN");
        response.getWriter().print("text");
      }),
  /** Jetty's stream encodes with the charset of the response (cometd PR 26). */
  STREAM_OF_UTF_16(
      (request, response) -> {
        response.setContentType("text/plain;charset=UTF-16");
        response.getOutputStream().print("x".repeat(500));
        response.getOutputStream().println();
      }),
  STREAM_OF_UTF_16_WITH_LENGTH(
      (request, response) -> {
        response.setContentType("text/plain;charset=UTF-16BE");
        response.setContentLength(16);
        response.getOutputStream().print("12345678");
      }),
  /** The length counts bytes, not characters (Open Liberty 18009). */
  STREAM_OF_UMLAUTS(
      (request, response) -> {
        response.setContentType("text/plain;charset=ISO-8859-1");
        response.setContentLength(6);
        response.getOutputStream().print("\u00e4\u00f6");
        response.setHeader("X-Late", "1");
        response.getOutputStream().println("\u00fc!");
      }),
  STREAM_OF_EUROS(
      (request, response) -> {
        response.setContentType("text/plain;charset=UTF-8");
        response
            .getOutputStream()
            .print(thrownBy(() -> response.getOutputStream().print("\u20ac")));
      }),
  /** Servlet 6.1 (jakartaee/servlet 484). */
  BYTE_BUFFER(
      (request, response) -> {
        ByteBuffer bytes = ByteBuffer.wrap("text".getBytes(StandardCharsets.US_ASCII));
        write(response.getOutputStream(), bytes);
        response.getOutputStream().print(bytes.remaining());
      }),
  LARGE_BYTE_BUFFER(
      (request, response) -> {
        ByteBuffer bytes = ByteBuffer.allocateDirect(5000);
        bytes.position(1000).limit(4000);
        write(response.getOutputStream(), bytes);
        response.getOutputStream().print(bytes.position() + " " + bytes.limit());
      }),
  HUGE_BYTE_BUFFER(
      (request, response) -> write(response.getOutputStream(), ByteBuffer.allocate(100_000))),
  BYTE_BUFFERS_IN_TURNS(
      (request, response) -> {
        write(response.getOutputStream(), ByteBuffer.wrap(new byte[] {'a'}));
        response.getOutputStream().write('b');
        write(response.getOutputStream(), ByteBuffer.wrap(new byte[] {'c'}));
      }),
  NULL_BYTE_BUFFERS(
      (request, response) -> {
        response.getOutputStream().print(thrownBy(() -> write(response.getOutputStream(), null)));
        response.getOutputStream().print(thrownBy(() -> read(request.getInputStream(), null)));
      }),
  BYTE_BUFFER_READ(
      "POST",
      "Content-Length: 5\r\n\r\nhello",
      (request, response) -> {
        ByteBuffer bytes = ByteBuffer.allocate(10).position(1);
        response.getOutputStream().print(read(request.getInputStream(), bytes));
        response.getOutputStream().print(" " + bytes.position() + " " + bytes.limit());
        response.getOutputStream().print(read(request.getInputStream(), bytes.clear()));
      }),
  /** A status without a body is committed by a flush (javamelody 836). */
  NOT_MODIFIED_FLUSHED(
      (request, response) -> {
        response.setStatus(304);
        response.flushBuffer();
        response.setStatus(204);
      }),
  /** A redirect stands, whatever comes later in the chain (Spring PR 29050). */
  STATUS_AFTER_REDIRECT(
      (request, response) -> {
        response.sendRedirect("/elsewhere");
        response.setStatus(404);
        response.setHeader("Location", "/nowhere");
      }),
  /** Nobody flushes the writer (logbook 603). */
  WRITER_THEN_FLUSH_BUFFER(
      (request, response) -> {
        response.getWriter().print("text");
        response.flushBuffer();
        response.getWriter().print(response.isCommitted());
      }),
  /** The container must not have closed the stream by itself (UNDERTOW-2207). */
  FLUSHED_AFTER_ALL_OF_IT(
      (request, response) -> {
        response.setContentLength(4);
        response.getOutputStream().print("text");
        response.getOutputStream().flush();
        response.getOutputStream().flush();
        response.flushBuffer();
        response.getOutputStream().close();
        response.getOutputStream().close();
      }),
  /** Ways to set a length (Spring Security 18797). */
  LENGTH_AS_INT(
      (request, response) -> {
        response.setIntHeader("Content-Length", 4);
        response.getWriter().print("text");
      }),
  LENGTH_WITH_SIGN(
      (request, response) -> {
        response.setHeader("Content-Length", "+4");
        response.getWriter().print("text");
      }),
  LENGTH_WITH_SPACE(
      (request, response) -> {
        response.addHeader("Content-Length", " 4");
        response.getWriter().print("text");
      }),
  /** The length of a HEAD is counted by a wrapper (Jetty 1184, jakartaee/servlet 225). */
  HEAD_COUNTED("HEAD", "\r\n", (request, response) -> counted(request, response, 10)),
  HEAD_OF_MUCH_COUNTED("HEAD", "\r\n", (request, response) -> counted(request, response, 100_000)),
  HEAD_FAILS_COUNTED("HEAD", "\r\n", (request, response) -> counted(request, response, -1)),
  /** Tomcat ends it beneath wrappers (spring-security 19457, javamelody 1306). */
  HEAD_FORWARDED(
      "HEAD",
      "\r\n",
      (request, response) -> {
        if (request.getParameter("deep") == null) {
          request
              .getRequestDispatcher("/start/ReportBehavior.HEAD_FORWARDED?deep=1")
              .forward(request, response);
        } else {
          response.setContentLength(1234);
        }
      }),
  /** A larger buffer commits later. */
  ERROR_IN_A_LARGE_BUFFER(
      (request, response) -> {
        response.setBufferSize(100_000);
        response.getOutputStream().write(new byte[50_000]);
        response.sendError(404);
      }),
  /** A refused call changes nothing (dd-trace-java 12497). */
  REDIRECT_REFUSED(
      (request, response) -> {
        response.setContentLength(8);
        response.getWriter().print("text");
        response.flushBuffer();
        thrownBy(() -> response.sendRedirect("/elsewhere"));
        thrownBy(() -> response.sendError(404));
        thrownBy(response::reset);
        response.getWriter().print("more");
      }),
  /** Another thread is faster than the servlet returns (elastic/apm-agent-java 385). */
  COMPLETE_BEFORE_RETURN(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        CompletableFuture.runAsync(
                () -> {
                  thrownBy(() -> response.getWriter().print("text"));
                  async.complete();
                })
            .join();
        response.getWriter().print("more");
      }),
  DISPATCH_BEFORE_RETURN(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        CompletableFuture.runAsync(() -> async.dispatch("/next/x")).join();
        response.getWriter().print("more ");
      }),
  /** Spring's streamed bodies end with a dispatch (Payara 8279). */
  DISPATCH_AFTER_CLOSE(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        async.start(
            () -> {
              writeAndClose(response);
              async.dispatch("/next/x");
            });
      });

  private final String method;
  private final String rest;
  private final WebApps.Work start;

  ReportBehavior(WebApps.Work start) {
    this("GET", "\r\n", start);
  }

  ReportBehavior(String method, String rest, WebApps.Work start) {
    this.method = method;
    this.rest = rest;
    this.start = start;
  }

  /** By what {@code HttpServlet} has for this, which the containers no longer do by themselves. */
  private static void counted(HttpServletRequest request, HttpServletResponse response, int size)
      throws Exception {
    HttpServlet servlet = new Counted(size);
    servlet.init(new Legacy(request.getServletContext()));
    servlet.service(request, response);
  }

  private static final class Counted extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private final int size;

    Counted(int size) {
      this.size = size;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (size < 0) {
        response.sendError(404);
      } else {
        response.getWriter().print("x".repeat(size));
      }
    }
  }

  private record Legacy(ServletContext context) implements ServletConfig {
    @Override
    public String getServletName() {
      return "counted";
    }

    @Override
    public ServletContext getServletContext() {
      return context;
    }

    @Override
    public @Nullable String getInitParameter(String name) {
      return name.equals("jakarta.servlet.http.legacyDoHead") ? "true" : null;
    }

    @Override
    public Enumeration<String> getInitParameterNames() {
      return Collections.enumeration(List.of("jakarta.servlet.http.legacyDoHead"));
    }
  }

  private static void writeAndClose(HttpServletResponse response) {
    try {
      response.getOutputStream().print("streamed");
      response.getOutputStream().close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does nothing before Servlet 6.1, which the tests are not compiled against. */
  static void write(ServletOutputStream out, @Nullable ByteBuffer bytes) throws Exception {
    call(ServletOutputStream.class, "write", out, bytes);
  }

  private static String read(ServletInputStream in, @Nullable ByteBuffer bytes) throws Exception {
    return String.valueOf(call(ServletInputStream.class, "read", in, bytes));
  }

  private static Object call(
      Class<?> type, String method, Object stream, @Nullable ByteBuffer bytes) throws Exception {
    try {
      return type.getMethod(method, ByteBuffer.class).invoke(stream, bytes);
    } catch (NoSuchMethodException e) {
      return "no such method";
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String rest() {
    return rest;
  }

  @Override
  public WebApps.Work start() {
    return start;
  }
}
