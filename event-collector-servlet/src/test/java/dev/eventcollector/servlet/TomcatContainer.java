package dev.eventcollector.servlet;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.apache.tomcat.websocket.server.WsSci;

final class TomcatContainer implements Container {

  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  private final Tomcat tomcat = new Tomcat();
  private final Utilities utilities = new Utilities();
  private final Connector connector = new Connector(new Protocol(utilities));
  private final Log log = new Log();

  TomcatContainer(Threads threads) throws Exception {
    for (Handler handler : ROOT_LOGGER.getHandlers()) {
      ROOT_LOGGER.removeHandler(handler);
    }
    ROOT_LOGGER.addHandler(log);
    Path base = Files.createTempDirectory("tomcat");
    base.toFile().deleteOnExit();
    tomcat.setBaseDir(base.toString());
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxThreads", "32");
    connector.addUpgradeProtocol(new Http2Protocol());
    if (threads == Threads.VIRTUAL) {
      connector.getProtocolHandler().setExecutor(Threads.newVirtualThreadPerTaskExecutor());
    }
    tomcat.setConnector(connector);
    tomcat.start();
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public Deployment deploy(App app) throws Exception {
    StandardContext context = new StandardContext();
    context.setName(app.contextPath());
    context.setPath(app.contextPath());
    context.setParentClassLoader(app.loader());
    context.addLifecycleListener(new Tomcat.FixContextListener());
    context.addServletContainerInitializer(app.initializer(), null);
    if (app.pages().ofAll() != null) {
      context.addErrorPage(page(app.pages().ofAll()));
    }
    app.pages()
        .ofStatus()
        .forEach(
            (status, path) -> {
              ErrorPage page = page(path);
              page.setErrorCode(status);
              context.addErrorPage(page);
            });
    app.pages()
        .ofType()
        .forEach(
            (type, path) -> {
              ErrorPage page = page(path);
              page.setExceptionType(type.getName());
              context.addErrorPage(page);
            });
    if (app.documents() != null) {
      context.setDocBase(app.documents().toString());
      context.addServletContainerInitializer(TomcatContainer::addDefaultServlet, null);
    }
    return deploy(context);
  }

  private static void addDefaultServlet(Set<Class<?>> classes, ServletContext context) {
    ServletRegistration.Dynamic servlet = context.addServlet("default", new DefaultServlet());
    servlet.setAsyncSupported(true);
    servlet.addMapping("/");
  }

  private static ErrorPage page(String path) {
    ErrorPage page = new ErrorPage();
    page.setLocation(path);
    return page;
  }

  @Override
  public void addWebSocket(ServletContext context, String path, UnaryOperator<String> answer)
      throws ServletException {
    new WsSci().onStartup(Set.of(), context);
    ServerContainer sockets =
        (ServerContainer) context.getAttribute(ServerContainer.class.getName());
    try {
      sockets.addEndpoint(
          ServerEndpointConfig.Builder.create(Answering.class, path)
              .configurator(
                  new ServerEndpointConfig.Configurator() {
                    @Override
                    public <T> T getEndpointInstance(Class<T> type) {
                      return type.cast(new Answering(answer));
                    }
                  })
              .build());
    } catch (DeploymentException e) {
      throw new ServletException(e);
    }
  }

  @Override
  public void prepareJsp(ServletContext context)
      throws ReflectiveOperationException, ServletException {
    Class.forName("org.apache.jasper.servlet.JasperInitializer")
        .asSubclass(ServletContainerInitializer.class)
        .getConstructor()
        .newInstance()
        .onStartup(Set.of(), context);
  }

  /** Made for each connection. */
  private static final class Answering extends Endpoint {
    private final UnaryOperator<String> answer;

    Answering(UnaryOperator<String> answer) {
      this.answer = answer;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
      session.addMessageHandler(
          String.class, (MessageHandler.Whole<String>) text -> send(session, answer.apply(text)));
    }

    private static void send(Session session, String text) {
      try {
        session.getBasicRemote().sendText(text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Tomcat does not throw what has gone wrong, but logs it. */
  Deployment deploy(Context context) {
    log.thrown.clear();
    // No jar of the tests has a tag library or web fragment that an app needs; a look takes
    // seconds.
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
    tomcat.getHost().addChild(context);
    if (!context.getState().isAvailable()) {
      tomcat.getHost().removeChild(context);
      throw new IllegalStateException("Tomcat has logged: " + log.thrown);
    }
    return () -> {
      tomcat.getHost().removeChild(context);
      context.destroy();
    };
  }

  @Override
  public void close() throws Exception {
    tomcat.stop();
    tomcat.destroy();
    utilities.shutdownNow();
    ROOT_LOGGER.removeHandler(log);
  }

  /** HTTP/1.1, as a connector has by default. */
  private static final class Protocol extends Http11NioProtocol {
    private final Utilities utilities;

    Protocol(Utilities utilities) {
      this.utilities = utilities;
    }

    @Override
    public ScheduledExecutorService getUtilityExecutor() {
      return utilities;
    }
  }

  /** Tomcat looks once a second for async requests whose time is over; this looks more often. */
  private static final class Utilities extends ScheduledThreadPoolExecutor {

    Utilities() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable work, long delay, long period, TimeUnit unit) {
      return super.scheduleAtFixedRate(work, 20, 20, TimeUnit.MILLISECONDS);
    }
  }

  /** Keeps messages, not exceptions, which would keep the classes in their stack traces alive. */
  private static final class Log extends Handler {
    private final Queue<String> thrown = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord logged) {
      if (logged.getThrown() != null) {
        thrown.add(logged.getThrown().toString());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
