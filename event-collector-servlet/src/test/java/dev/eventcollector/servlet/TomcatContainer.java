package dev.eventcollector.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.jspecify.annotations.Nullable;

final class TomcatContainer implements Container {

  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  private final Tomcat tomcat = new Tomcat();
  private final Connector connector = new Connector();
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
  public Deployment deploy(
      String contextPath,
      ClassLoader loader,
      @Nullable String errorPage,
      ServletContainerInitializer app)
      throws Exception {
    StandardContext context = new StandardContext();
    context.setName(contextPath);
    context.setPath(contextPath);
    context.setParentClassLoader(loader);
    context.addLifecycleListener(new Tomcat.FixContextListener());
    context.addServletContainerInitializer(app, null);
    if (errorPage != null) {
      ErrorPage page = new ErrorPage();
      page.setLocation(errorPage);
      context.addErrorPage(page);
    }
    return deploy(context);
  }

  /** Tomcat does not throw what has gone wrong, but logs it. */
  Deployment deploy(Context context) {
    log.thrown.clear();
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
    ROOT_LOGGER.removeHandler(log);
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
