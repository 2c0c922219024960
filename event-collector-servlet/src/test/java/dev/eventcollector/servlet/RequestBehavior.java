package dev.eventcollector.servlet;

import static dev.eventcollector.servlet.BodyBehavior.thrownBy;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.TreeMap;

/** A client's request. */
enum RequestBehavior implements Behavior {
  FORM(
      "POST",
      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=1&b=2",
      (request, response) ->
          response.getWriter().print(new TreeMap<>(request.getParameterMap()).keySet())),
  STREAM(
      "POST",
      "Content-Length: 5\r\n\r\nhello",
      (request, response) ->
          response.getOutputStream().write(request.getInputStream().readAllBytes())),
  STREAM_BY_BYTE(
      "POST",
      "Content-Length: 5\r\n\r\nhello",
      (request, response) -> {
        int b;
        while ((b = request.getInputStream().read()) >= 0) {
          response.getOutputStream().write(b);
        }
        response.getOutputStream().print(request.getInputStream().isFinished());
        response.getOutputStream().print(request.getInputStream() == request.getInputStream());
      }),
  LINES(
      "POST",
      "Content-Length: 6\r\n\r\na\nb\nc\n",
      (request, response) -> {
        byte[] line = new byte[10];
        int length;
        while ((length = request.getInputStream().readLine(line, 0, 10)) > 0) {
          response.getOutputStream().print(length);
        }
      }),
  READER(
      "POST",
      "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 5\r\n\r\nhello",
      (request, response) -> {
        response.getWriter().print(request.getReader().readLine());
        response.getWriter().print(thrownBy(request::getInputStream));
      }),
  CHUNKS_AND_TRAILERS(
      "POST",
      "Transfer-Encoding: chunked\r\nTE: trailers\r\nTrailer: X-Sum\r\n\r\n"
          + "5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n",
      (request, response) -> {
        byte[] body = request.getInputStream().readAllBytes();
        response.getOutputStream().print(new String(body, StandardCharsets.US_ASCII));
        response.getOutputStream().print(request.isTrailerFieldsReady());
        response.getOutputStream().print(request.getTrailerFields().toString());
      }),
  PARTS(
      "POST",
      "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 126\r\n\r\n"
          + "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
          + "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"n\"\r\n\r\nfile\r\n--b--\r\n",
      (request, response) -> tellAboutParts(request, response)),
  PARTS_OF_FORWARD(
      "POST",
      "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 63\r\n\r\n"
          + "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1234567\r\n--b--\r\n",
      (request, response) -> DispatchBehavior.forward(request, response)),
  EXPECTS_TO_CONTINUE(
      "POST",
      "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
      (request, response) ->
          response.getOutputStream().write(request.getInputStream().readAllBytes())),
  UNREAD_BODY(
      "POST",
      "Content-Length: 5\r\n\r\nhello",
      (request, response) -> response.getWriter().print("not read")),
  ATTRIBUTES(
      "GET",
      "\r\n",
      (request, response) -> {
        request.setAttribute("a", 1);
        request.removeAttribute("b");
        response.getWriter().print(Collections.list(request.getAttributeNames()).contains("a"));
        response.getWriter().print(request.getServletPath() + request.getPathInfo());
        response.getWriter().print(request.getHttpServletMapping().getMappingMatch());
        response.getWriter().print(request.isAsyncSupported());
      });

  private final String method;
  private final String rest;
  private final WebApps.Work start;

  RequestBehavior(String method, String rest, WebApps.Work start) {
    this.method = method;
    this.rest = rest;
    this.start = start;
  }

  private static void tellAboutParts(HttpServletRequest request, HttpServletResponse response)
      throws Exception {
    for (var part : request.getParts()) {
      response.getWriter().print(part.getName() + part.getSize() + part.getSubmittedFileName());
    }
    response.getWriter().print(request.getParameter("a"));
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

  @Override
  public WebApps.Work next() {
    return RequestBehavior::tellAboutParts;
  }
}
