package dev.eventcollector.servlet;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServlet;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

final class JettyContainer implements Container {

  private final ContextHandlerCollection contexts = new ContextHandlerCollection(true);
  private final Server server;
  private final ServerConnector connector;

  JettyContainer(Threads threads) throws Exception {
    server =
        new Server(threads == Threads.VIRTUAL ? new VirtualThreadPool() : new QueuedThreadPool(32));
    HttpConfiguration configuration = new HttpConfiguration();
    connector =
        new ServerConnector(
            server,
            new HttpConnectionFactory(configuration),
            new HTTP2CServerConnectionFactory(configuration));
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
  public Deployment deploy(App app) throws Exception {
    ServletContextHandler context =
        new ServletContextHandler(app.contextPath(), ServletContextHandler.SESSIONS);
    context.setClassLoader(app.loader());
    context.addServletContainerInitializer(app.initializer());
    if (app.pages() != Pages.NONE) {
      ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
      if (app.pages().ofAll() != null) {
        errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, app.pages().ofAll());
      }
      app.pages().ofStatus().forEach(errors::addErrorPage);
      app.pages().ofType().forEach(errors::addErrorPage);
      context.setErrorHandler(errors);
    }
    if (app.documents() != null) {
      context.setBaseResourceAsPath(app.documents());
      context.addServlet(DefaultServlet.class, "/").setAsyncSupported(true);
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
  public void addWebSocket(ServletContext context, String path, UnaryOperator<String> answer) {
    new JettyWebSocketServletContainerInitializer().onStartup(Set.of(), context);
    context.addServlet("socket", new Sockets(answer)).addMapping(path);
  }

  @Override
  public void prepareJsp(ServletContext context)
      throws ReflectiveOperationException, ServletException {
    Class.forName("org.eclipse.jetty.ee10.apache.jsp.JettyJasperInitializer")
        .asSubclass(ServletContainerInitializer.class)
        .getConstructor()
        .newInstance()
        .onStartup(Set.of(), context);
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  private static final class Sockets extends JettyWebSocketServlet {
    private static final long serialVersionUID = 1L;
    private final transient UnaryOperator<String> answer;

    Sockets(UnaryOperator<String> answer) {
      this.answer = answer;
    }

    @Override
    protected void configure(JettyWebSocketServletFactory factory) {
      factory.setCreator((request, response) -> new Answering(answer));
    }
  }

  /** Made for each connection. Public, because the container calls it by reflection. */
  public static final class Answering extends Session.Listener.AbstractAutoDemanding {
    private final UnaryOperator<String> answer;

    Answering(UnaryOperator<String> answer) {
      this.answer = answer;
    }

    @Override
    public void onWebSocketText(String text) {
      getSession().sendText(answer.apply(text), Callback.NOOP);
    }
  }
}
