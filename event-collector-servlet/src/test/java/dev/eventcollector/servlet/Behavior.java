package dev.eventcollector.servlet;

/** What a web app does, and what a client sends to it. */
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

  /** What the servlet does first. */
  WebApps.Work start();

  /** What the servlet does at {@code /next}. */
  default WebApps.Work next() {
    return (request, response) -> response.getWriter().print("next");
  }
}
