package dev.eventcollector.examples.handbook;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Places an order; the container makes it. */
public final class OrdersServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    new Orders().insert(42);
    response.setStatus(request.getParameter("fail") == null ? 201 : 409);
  }
}
