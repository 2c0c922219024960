package dev.eventcollector.examples.handbook;

import dev.eventcollector.servlet.EventPublishingFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/** Places an order; the container makes it. */
public final class OrdersServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient Executor executor = ForkJoinPool.commonPool();
  private final transient Orders orders = new Orders();

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    orders.insert(42);
    response.setStatus(request.getParameter("fail") == null ? 201 : 409);
  }

  @Override
  protected void doPut(HttpServletRequest request, HttpServletResponse response) {
    // tag::async
    AsyncContext async = request.startAsync();
    executor.execute(
        () -> {
          try (var bound = EventPublishingFilter.bind(request)) {
            orders.insert(42); // into the unit of work of the request
          }
          async.complete();
        });
    // end::async
  }
}
