package dev.eventcollector.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Bodies, their lengths and encodings. */
enum BodyBehavior implements Behavior {
  NOTHING((request, response) -> {}),
  TEXT((request, response) -> response.getWriter().print("text")),
  BYTES((request, response) -> response.getOutputStream().write(new byte[] {1, 2, 3})),
  NO_BYTES((request, response) -> response.getOutputStream().write(new byte[0])),
  MUCH_TEXT((request, response) -> response.getWriter().print("x".repeat(100_000))),
  MANY_BYTES((request, response) -> response.getOutputStream().write(new byte[100_000])),
  ONE_BY_ONE(
      (request, response) -> {
        for (int i = 0; i < 20_000; i++) {
          response.getOutputStream().write(i);
        }
      }),
  SMALL_BUFFER(
      (request, response) -> {
        response.setBufferSize(100);
        response.getOutputStream().write(new byte[50_000]);
      }),
  FLUSHED_FIRST(
      (request, response) -> {
        response.flushBuffer();
        response.getWriter().print("text");
      }),
  FLUSHED_WRITER(
      (request, response) -> {
        response.getWriter().print("text");
        response.getWriter().flush();
        response.getWriter().print("more");
      }),
  CLOSED(
      (request, response) -> {
        response.getWriter().print("text");
        response.getWriter().close();
        response.getWriter().print("more");
      }),
  CLOSED_STREAM(
      (request, response) -> {
        response.getOutputStream().print("text");
        response.getOutputStream().close();
      }),
  WITH_LENGTH(
      (request, response) -> {
        response.setContentLength(4);
        response.getWriter().print("text");
      }),
  WITH_LENGTH_AND_LATE_HEADER(
      (request, response) -> {
        response.setContentLengthLong(5);
        response.setHeader("X-Early", "1");
        response.getWriter().print("text");
        response.setHeader("X-Late", "1");
        response.getWriter().print("!");
      }),
  LENGTH_TOO_LARGE(
      (request, response) -> {
        response.setContentLength(10);
        response.getWriter().print("text");
      }),
  LENGTH_TOO_SMALL(
      (request, response) -> {
        response.setContentLength(2);
        response.getOutputStream().write(new byte[5]);
      }),
  LENGTH_TOO_SMALL_FOR_TEXT(
      (request, response) -> {
        response.setContentLength(2);
        response.getWriter().print("text");
      }),
  LENGTH_ZERO_AND_A_BODY(
      (request, response) -> {
        response.setContentLength(0);
        response.getOutputStream().print("text");
      }),
  LENGTH_AS_HEADER(
      (request, response) -> {
        response.addHeader("Content-Length", "4");
        response.getWriter().print("text");
      }),
  LENGTH_OF_NONSENSE(
      (request, response) -> {
        response.setHeader("Content-Length", "four");
        response.getWriter().print("text");
      }),
  LENGTH_TAKEN_BACK(
      (request, response) -> {
        response.setContentLength(3);
        response.setContentLengthLong(-1);
        response.getWriter().print("text");
      }),
  UTF_16(
      (request, response) -> {
        response.setContentType("text/plain;charset=UTF-16");
        response.getWriter().print("x".repeat(10_000));
      }),
  LATIN_1(
      (request, response) -> {
        response.setContentType("text/plain");
        response.setCharacterEncoding("ISO-8859-1");
        response.getWriter().print("\u00e4".repeat(100));
      }),
  LOCALE(
      (request, response) -> {
        response.setLocale(Locale.GERMANY);
        response.setContentType("text/plain");
        response.getWriter().printf("%,d %n", 1234567);
        response.getWriter().println(response.getLocale());
      }),
  TYPE_AFTER_WRITER(
      (request, response) -> {
        PrintWriter writer = response.getWriter();
        response.setContentType("text/html;charset=UTF-8");
        writer.print(response.getContentType() + " " + response.getCharacterEncoding());
      }),
  ALL_KINDS_OF_TEXT(
      (request, response) -> {
        PrintWriter writer = response.getWriter();
        writer.print(1);
        writer.print('c');
        writer.print(1.5);
        writer.print(true);
        writer.print(new char[] {'a', 'b'});
        writer.print((Object) null);
        writer.append("abc", 1, 2).append('d').append(null);
        writer.println(2L);
        writer.println();
        writer.write("hello", 1, 3);
        writer.write(65);
        writer.print(writer.checkError());
      }),
  ALL_KINDS_OF_BYTES(
      (request, response) -> {
        response.getOutputStream().print(1);
        response.getOutputStream().print('c');
        response.getOutputStream().print(true);
        response.getOutputStream().println("abc");
        response.getOutputStream().println(1.5);
        response.getOutputStream().println();
        response.getOutputStream().print((String) null);
        response.getOutputStream().write("xyz".getBytes(StandardCharsets.US_ASCII), 1, 1);
      }),
  STREAM_AFTER_WRITER(
      (request, response) -> {
        response.getWriter().print("text");
        tellWhatIsThrown(response, () -> response.getOutputStream());
      }),
  WRITER_AFTER_STREAM(
      (request, response) -> {
        response.getOutputStream().print("text");
        response.getOutputStream().print(thrownBy(() -> response.getWriter()));
      }),
  WRITER_AFTER_RESET(
      (request, response) -> {
        response.getOutputStream().print("text");
        response.setHeader("X-Gone", "1");
        response.reset();
        response.getWriter().print("other");
      }),
  RESET_BUFFER(
      (request, response) -> {
        response.getWriter().print("text");
        response.setHeader("X-Stays", "1");
        response.resetBuffer();
        response.getWriter().print("other");
      }),
  RESET_TOO_LATE(
      (request, response) -> {
        response.getWriter().print("text");
        response.flushBuffer();
        tellWhatIsThrown(response, response::reset);
        tellWhatIsThrown(response, response::resetBuffer);
        tellWhatIsThrown(response, () -> response.sendError(404));
        tellWhatIsThrown(response, () -> response.sendRedirect("/"));
        tellWhatIsThrown(response, () -> response.setBufferSize(10));
      }),
  TRAILERS(
      (request, response) -> {
        response.setHeader("Trailer", "X-Trailer");
        response.setTrailerFields(() -> Map.of("X-Trailer", "told at the end"));
        response.getWriter().print("text");
        response.flushBuffer();
      });

  private final WebApps.Work work;

  BodyBehavior(WebApps.Work work) {
    this.work = work;
  }

  /** May throw. */
  @FunctionalInterface
  interface Attempt {
    void run() throws Exception;
  }

  static void tellWhatIsThrown(HttpServletResponse response, Attempt attempt) throws Exception {
    response.getWriter().println(thrownBy(attempt));
  }

  static String thrownBy(Attempt attempt) {
    try {
      attempt.run();
      return "nothing";
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  @Override
  public WebApps.Work start() {
    return work;
  }
}
