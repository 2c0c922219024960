package dev.eventcollector.servlet;

import dev.eventcollector.UnitOfWork;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;

/** Puts web apps together. */
final class WebApps {

  private WebApps() {}

  /** The body of a test's servlet. */
  @FunctionalInterface
  interface Work {
    void on(HttpServletRequest request, HttpServletResponse response) throws Exception;
  }

  static FilterRegistration.Dynamic addFilter(
      ServletContext context, String name, Filter filter, EnumSet<DispatcherType> dispatches) {
    FilterRegistration.Dynamic registration = context.addFilter(name, filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(dispatches, false, "/*");
    return registration;
  }

  static ServletRegistration.Dynamic addServlet(ServletContext context, String pattern, Work work) {
    ServletRegistration.Dynamic registration = context.addServlet(pattern, new WorkServlet(work));
    registration.setAsyncSupported(true);
    registration.addMapping(pattern);
    return registration;
  }

  /** Goes on on a thread of the application's own, in the request's unit of work. */
  static void goOn(ServletRequest request, Runnable work) {
    CompletableFuture.runAsync(
        () -> {
          try (UnitOfWork.Binding bound = EventPublishingFilter.bind(request)) {
            work.run();
          }
        });
  }

  static void send(HttpServletResponse response, int status) {
    try {
      response.sendError(status);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class WorkServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private final transient Work work;

    WorkServlet(Work work) {
      this.work = work;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      try {
        work.on(request, response);
      } catch (ServletException | IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new ServletException(e);
      }
    }
  }
}
