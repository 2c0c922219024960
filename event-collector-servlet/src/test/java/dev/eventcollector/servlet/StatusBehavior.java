package dev.eventcollector.servlet;

import static dev.eventcollector.servlet.BodyBehavior.tellWhatIsThrown;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Statuses, headers, redirects and errors, for several methods. */
enum StatusBehavior implements Behavior {
  CREATED(
      (request, response) -> {
        response.setStatus(201);
        response.getWriter().print("created");
      }),
  NO_CONTENT((request, response) -> response.setStatus(204)),
  NOT_MODIFIED(
      (request, response) -> {
        response.setHeader("ETag", "\"1\"");
        response.setStatus(304);
      }),
  NOT_MODIFIED_WITH_LENGTH(
      (request, response) -> {
        response.setContentLength(5);
        response.setStatus(304);
      }),
  UNPROCESSABLE(
      (request, response) -> {
        response.setStatus(422);
        response.getWriter().print("no");
      }),
  HEAD("HEAD", (request, response) -> response.getWriter().print("text")),
  HEAD_OF_MUCH("HEAD", (request, response) -> response.getOutputStream().write(new byte[100_000])),
  HEAD_WITH_LENGTH("HEAD", (request, response) -> response.setContentLength(1234)),
  HEAD_FLUSHED(
      "HEAD",
      (request, response) -> {
        response.getWriter().print("text");
        response.flushBuffer();
      }),
  HEAD_NOT_FOUND("HEAD", (request, response) -> response.sendError(404)),
  OPTIONS("OPTIONS", (request, response) -> response.setHeader("Allow", "GET")),
  HEADERS(
      (request, response) -> {
        response.setHeader("X-One", "1");
        response.addHeader("X-Two", "a");
        response.addHeader("X-Two", "b");
        response.setIntHeader("X-Int", 1);
        response.addIntHeader("X-Int", 2);
        response.setDateHeader("X-Date", 0);
        response.addDateHeader("X-Date", 1000);
        response.addCookie(new Cookie("c", "1"));
        response.getWriter().println(response.getHeaders("x-two"));
        response.getWriter().println(response.getHeader("X-Int"));
        response.getWriter().println(response.containsHeader("X-None"));
      }),
  SESSION(
      (request, response) -> {
        response.getWriter().print(request.getSession().isNew());
        response.getWriter().print(response.encodeURL("/x").replaceAll("=.*", ""));
      }),
  REDIRECT((request, response) -> response.sendRedirect("elsewhere?a=b")),
  REDIRECT_AFTER_TEXT(
      (request, response) -> {
        response.getWriter().print("text");
        response.sendRedirect("/elsewhere");
      }),
  REDIRECT_TO_NULL(
      (request, response) -> tellWhatIsThrown(response, () -> response.sendRedirect(null))),
  REDIRECT_TO_NONSENSE((request, response) -> response.sendRedirect("http://a b:x/\\")),
  TEXT_AFTER_REDIRECT(
      (request, response) -> {
        response.sendRedirect("/elsewhere");
        response.getWriter().print("text");
      }),
  ERROR((request, response) -> response.sendError(404)),
  ERROR_WITH_MESSAGE((request, response) -> response.sendError(409, "a message")),
  ERROR_AFTER_TEXT(
      (request, response) -> {
        response.setHeader("X-Stays", "1");
        response.getWriter().print("text");
        response.sendError(400);
        response.getWriter().print("more");
      }),
  ERROR_THAT_IS_NONE((request, response) -> response.sendError(304)),
  ERROR_ABORTS((request, response) -> response.sendError(-1)),
  EARLY_HINTS(
      (request, response) -> {
        response.setHeader("Link", "</style.css>; rel=preload");
        response.sendError(103);
        if (!response.isCommitted()) { // Jetty alone knows what that means
          response.getWriter().print("text");
        }
      }),
  EXCEPTION(
      (request, response) -> {
        throw new ServletException("on purpose");
      }),
  EXCEPTION_AFTER_TEXT(
      (request, response) -> {
        response.setHeader("X-Header", "1");
        response.getWriter().print("text");
        throw new IllegalStateException("on purpose");
      }),
  EXCEPTION_AFTER_FLUSH(
      (request, response) -> {
        response.getWriter().print("text");
        response.flushBuffer();
        throw new IllegalStateException("on purpose");
      }),
  EXCEPTION_AFTER_LENGTH(
      (request, response) -> {
        response.setContentLength(400);
        response.getWriter().print("text");
        throw new IOException("on purpose");
      }),
  COMMITTED_OR_NOT(
      (request, response) -> {
        response.getWriter().println(response.isCommitted());
        response.flushBuffer();
        response.getWriter().println(response.isCommitted());
        response.setHeader("X-Late", "1");
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
      });

  private final String method;
  private final WebApps.Work work;

  StatusBehavior(WebApps.Work work) {
    this("GET", work);
  }

  StatusBehavior(String method, WebApps.Work work) {
    this.method = method;
    this.work = work;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public WebApps.Work start() {
    return work;
  }
}
