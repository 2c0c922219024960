package dev.eventcollector.servlet;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A real servlet container on a free port of 127.0.0.1. Its name is that of its test's prefix. */
interface Container extends AutoCloseable {

  /** Where it listens. */
  int port();

  /**
   * Deploys a web app and starts it.
   *
   * @throws Exception when that fails; the message, or that of a cause, tells why
   */
  Deployment deploy(App app) throws Exception;

  /** Adds a WebSocket endpoint, by the container's own implementation, that answers each text. */
  void addWebSocket(ServletContext context, String path, UnaryOperator<String> answer)
      throws ServletException;

  /** Prepares a web app for the JSP servlet of the container's own JSP engine. */
  void prepareJsp(ServletContext context) throws ReflectiveOperationException, ServletException;

  @Override
  void close() throws Exception;

  /**
   * A web app.
   *
   * @param pages what is shown for errors
   * @param documents what the default servlet serves, if there is one
   */
  record App(
      String contextPath,
      ClassLoader loader,
      ServletContainerInitializer initializer,
      Pages pages,
      @Nullable Path documents) {

    App(String contextPath, ClassLoader loader, ServletContainerInitializer initializer) {
      this(contextPath, loader, initializer, Pages.NONE, null);
    }
  }

  /** The paths of error pages. */
  record Pages(
      @Nullable String ofAll,
      Map<Integer, String> ofStatus,
      Map<Class<? extends Throwable>, String> ofType) {
    static final Pages NONE = new Pages(null, Map.of(), Map.of());
  }

  /** A web app that runs, until it is closed. */
  interface Deployment extends AutoCloseable {}
}
