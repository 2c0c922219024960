package dev.eventcollector.servlet;

import static dev.eventcollector.servlet.BodyBehavior.thrownBy;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Forwards and includes, with writers and streams mixed. */
enum DispatchBehavior implements Behavior {
  FORWARD(
      (request, response) -> forward(request, response),
      (request, response) -> tellAbout(request, response)),
  FORWARD_AFTER_TEXT(
      (request, response) -> {
        response.getWriter().print("dropped");
        forward(request, response);
      },
      (request, response) -> response.getWriter().print("forwarded")),
  FORWARD_FROM_WRITER_TO_STREAM(
      (request, response) -> {
        response.getWriter().print("dropped");
        forward(request, response);
      },
      (request, response) ->
          response.setHeader("X-Thrown", thrownBy(() -> response.getOutputStream().print("x")))),
  FORWARD_FROM_STREAM_TO_WRITER(
      (request, response) -> {
        response.getOutputStream().print("dropped");
        forward(request, response);
      },
      (request, response) ->
          response.setHeader("X-Thrown", thrownBy(() -> response.getWriter().print("x")))),
  FORWARD_KNOWS_ITS_WRITER(
      (request, response) -> {
        response.getWriter().print("dropped");
        forward(request, response);
      },
      (request, response) -> {
        response.getWriter().print("a writer, so for a stream there is ");
        response.getWriter().print(thrownBy(response::getOutputStream));
      }),
  FORWARD_KNOWS_ITS_STREAM(
      (request, response) -> {
        response.getOutputStream().print("dropped");
        forward(request, response);
      },
      (request, response) -> {
        response.getOutputStream().print("a stream, so for a writer there is ");
        response.getOutputStream().print(thrownBy(response::getWriter));
      }),
  FORWARD_KEEPS_THE_WRITER(
      (request, response) -> {
        var writer = response.getWriter();
        writer.print("dropped");
        forward(request, response);
        writer.print("ignored");
      },
      (request, response) -> {
        response.setContentLength(4);
        response.getWriter().print("text");
      }),
  FORWARD_WITH_LENGTH(
      (request, response) -> {
        response.setContentLength(7);
        forward(request, response);
      },
      (request, response) -> {
        response.setContentLength(9);
        response.getWriter().print("forwarded");
      }),
  FORWARD_AFTER_COMMIT(
      (request, response) -> {
        response.getWriter().print("text");
        response.flushBuffer();
        response.getWriter().print(thrownBy(() -> forward(request, response)));
      },
      (request, response) -> response.getWriter().print("never")),
  FORWARD_OF_MUCH(
      (request, response) -> forward(request, response),
      (request, response) -> response.getWriter().print("x".repeat(100_000))),
  FORWARD_THEN_TEXT(
      (request, response) -> {
        forward(request, response);
        thrownBy(() -> response.getWriter().print("ignored"));
      },
      (request, response) -> response.getWriter().print("forwarded")),
  FORWARD_REDIRECTS(
      (request, response) -> forward(request, response),
      (request, response) -> response.sendRedirect("/elsewhere")),
  FORWARD_FAILS(
      (request, response) -> forward(request, response),
      (request, response) -> response.sendError(404)),
  FORWARD_FAILS_AFTER_MUCH(
      (request, response) -> {
        response.getWriter().print("x".repeat(response.getBufferSize() * 6 / 10));
        forward(request, response);
      },
      (request, response) -> {
        response.getWriter().print("x".repeat(response.getBufferSize() * 6 / 10));
        response.sendError(404);
      }),
  /** The text waits in the writer of a wrapper (Jetty 9636). */
  FORWARD_TO_A_WRITER_OF_ITS_OWN(
      (request, response) -> {
        Buffering own = new Buffering(response);
        forward(request, own);
        own.getWriter().flush();
      },
      (request, response) -> response.getWriter().print("text")),
  INCLUDE_IN_A_WRITER_OF_ITS_OWN(
      (request, response) -> {
        Buffering own = new Buffering(response);
        own.getWriter().print("before ");
        include(request, own);
        own.getWriter().print(" after");
        own.getWriter().flush();
      },
      (request, response) -> {
        response.getWriter().print("included");
        response.flushBuffer();
      }),
  FORWARD_WITH_PLAIN_WRAPPERS(
      (request, response) ->
          request
              .getRequestDispatcher("/plain")
              .forward(new ServletRequestWrapper(request), new ServletResponseWrapper(response)),
      (request, response) -> tellAbout(request, response)),
  FORWARD_WITH_WRAPPERS(
      (request, response) ->
          forward(new HttpServletRequestWrapper(request), new HttpServletResponseWrapper(response)),
      (request, response) -> tellAbout(request, response)),
  INCLUDE(
      (request, response) -> {
        response.getWriter().print("before ");
        include(request, response);
        response.getWriter().print(" after");
      },
      (request, response) -> tellAbout(request, response)),
  INCLUDE_WITH_PLAIN_WRAPPERS(
      (request, response) ->
          request
              .getRequestDispatcher("/plain")
              .include(new ServletRequestWrapper(request), new ServletResponseWrapper(response)),
      (request, response) -> tellAbout(request, response)),
  INCLUDE_FROM_STREAM_TO_WRITER(
      (request, response) -> {
        response.getOutputStream().print("before ");
        include(request, response);
        response.getOutputStream().print(" after");
      },
      (request, response) ->
          request.setAttribute("thrown", thrownBy(() -> response.getWriter().print("x")))),
  INCLUDE_FROM_WRITER_TO_STREAM(
      (request, response) -> {
        response.getWriter().print("before ");
        include(request, response);
        response.getWriter().print(" after " + request.getAttribute("thrown"));
      },
      (request, response) ->
          request.setAttribute("thrown", thrownBy(() -> response.getOutputStream().print("x")))),
  INCLUDE_CANNOT_DO_MUCH(
      (request, response) -> {
        include(request, response);
        response.getWriter().print(" after");
      },
      (request, response) -> {
        response.setStatus(500);
        response.setHeader("X-Included", "1");
        response.setContentLength(3);
        response.setContentType("text/html");
        response.getWriter().print(thrownBy(response::reset));
        response.getWriter().print("included");
      }),
  INCLUDE_REDIRECTS_IN_VAIN(
      (request, response) -> {
        include(request, response);
        response.getWriter().print(" after");
      },
      (request, response) -> response.sendRedirect("/elsewhere")),
  INCLUDE_OF_MUCH(
      (request, response) -> {
        include(request, response);
        response.getWriter().print(" after");
      },
      (request, response) -> response.getWriter().print("x".repeat(100_000))),
  INCLUDE_FLUSHES(
      (request, response) -> {
        response.getWriter().print("before ");
        include(request, response);
        response.setHeader("X-Late", "1");
        response.getWriter().print(" after");
      },
      (request, response) -> {
        response.getWriter().print("included");
        response.flushBuffer();
      }),
  INCLUDE_CLOSES(
      (request, response) -> {
        include(request, response);
        response.getWriter().print(" after");
      },
      (request, response) -> {
        response.getWriter().print("included");
        response.getWriter().close();
      }),
  INCLUDE_IN_FORWARD(
      (request, response) -> {
        if (request.getParameter("deep") == null) {
          request
              .getRequestDispatcher("/start/DispatchBehavior.INCLUDE_IN_FORWARD?deep=1")
              .forward(request, response);
        } else {
          include(request, response);
          response.sendRedirect("/elsewhere");
        }
      },
      (request, response) -> response.setContentLength(1));

  private final WebApps.Work start;
  private final WebApps.Work next;

  DispatchBehavior(WebApps.Work start, WebApps.Work next) {
    this.start = start;
    this.next = next;
  }

  /** Has a writer of its own in front of the stream. */
  private static final class Buffering extends HttpServletResponseWrapper {
    private @Nullable PrintWriter writer;

    Buffering(HttpServletResponse response) {
      super(response);
    }

    @Override
    public PrintWriter getWriter() throws IOException {
      if (writer == null) {
        writer = new PrintWriter(new OutputStreamWriter(getOutputStream(), UTF_8));
      }
      return writer;
    }
  }

  static void forward(HttpServletRequest request, HttpServletResponse response) throws Exception {
    request.getRequestDispatcher("/next/x?a=b").forward(request, response);
  }

  static void include(HttpServletRequest request, HttpServletResponse response) throws Exception {
    request.getRequestDispatcher("/next/x?a=b").include(request, response);
  }

  static void tellAbout(HttpServletRequest request, HttpServletResponse response) throws Exception {
    response
        .getWriter()
        .print(
            request.getDispatcherType()
                + (" " + request.getPathInfo() + " " + request.getQueryString())
                + (" " + request.getParameter("a") + " " + request.isAsyncStarted())
                + (" " + request.getAttribute("jakarta.servlet.forward.query_string"))
                + (" " + request.getAttribute("jakarta.servlet.include.query_string")));
  }

  @Override
  public WebApps.Work start() {
    return start;
  }

  @Override
  public WebApps.Work next() {
    return next;
  }
}
