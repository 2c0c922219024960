package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Enqueues an event. Public, so that a container can make it from {@code web.xml}. */
public final class EnqueueServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  /** Made by the container. */
  public EnqueueServlet() {}

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
    EventCollector.threadSingletonInstance().enqueueEvent("event", "events");
  }
}
