package dev.eventcollector.servlet;

/** The behavior of a web app, and the request that a client sends to it. */
interface Behavior {

  String name();

  /** The request line's method. */
  default String method() {
    return "GET";
  }

  /** Header lines and an empty line, and the body. */
  default String rest() {
    return "\r\n";
  }

  /** The servlet's first step. */
  WebApps.Work start();

  /** The servlet's step at {@code /next}. */
  default WebApps.Work next() {
    return (request, response) -> response.getWriter().print("next");
  }
}
