package dev.eventcollector.servlet;

import jakarta.servlet.ServletContainerInitializer;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

final class JettyContainer implements Container {

  private final ContextHandlerCollection contexts = new ContextHandlerCollection(true);
  private final Server server;
  private final ServerConnector connector;

  JettyContainer(Threads threads) throws Exception {
    server =
        new Server(threads == Threads.VIRTUAL ? new VirtualThreadPool() : new QueuedThreadPool(32));
    connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(contexts);
    server.start();
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public Deployment deploy(
      String contextPath,
      ClassLoader loader,
      @Nullable String errorPage,
      ServletContainerInitializer app)
      throws Exception {
    ServletContextHandler context = new ServletContextHandler(contextPath);
    context.setClassLoader(loader);
    context.addServletContainerInitializer(app);
    if (errorPage != null) {
      ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
      errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, errorPage);
      context.setErrorHandler(errors);
    }
    return deploy(context);
  }

  Deployment deploy(Handler context) throws Exception {
    contexts.addHandler(context);
    try {
      context.start();
    } catch (Exception e) {
      contexts.removeHandler(context);
      throw e;
    }
    return () -> {
      context.stop();
      contexts.removeHandler(context);
    };
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
