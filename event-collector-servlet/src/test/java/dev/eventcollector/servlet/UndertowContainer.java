package dev.eventcollector.servlet;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.servlet.websockets.WebSocketServlet;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import jakarta.servlet.ServletContext;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

final class UndertowContainer implements Container {

  private final PathHandler paths = new PathHandler();
  private final Undertow undertow;
  private final @Nullable Executor executor;

  UndertowContainer(Threads threads) {
    executor = threads == Threads.VIRTUAL ? Threads.newVirtualThreadPerTaskExecutor() : null;
    undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setWorkerThreads(32)
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setHandler(paths)
            .build();
    undertow.start();
  }

  @Override
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Override
  public Deployment deploy(App app) throws Exception {
    DeploymentInfo info =
        Servlets.deployment()
            .setDeploymentName(app.contextPath())
            .setContextPath(app.contextPath())
            .setClassLoader(app.loader())
            .setExecutor(executor)
            .setEagerFilterInit(true)
            .addServletContainerInitializers(
                new ServletContainerInitializerInfo(
                    app.initializer().getClass(),
                    new ImmediateInstanceFactory<>(app.initializer()),
                    Set.of()));
    if (app.pages().ofAll() != null) {
      info.addErrorPage(new ErrorPage(app.pages().ofAll()));
    }
    app.pages()
        .ofStatus()
        .forEach((status, path) -> info.addErrorPage(new ErrorPage(path, status)));
    app.pages().ofType().forEach((type, path) -> info.addErrorPage(new ErrorPage(path, type)));
    if (app.documents() != null) {
      info.setResourceManager(new PathResourceManager(app.documents()));
    }
    DeploymentManager deployment = Servlets.defaultContainer().addDeployment(info);
    deployment.deploy();
    paths.addPrefixPath(app.contextPath(), deployment.start());
    return () -> {
      paths.removePrefixPath(app.contextPath());
      deployment.stop();
      deployment.undeploy();
      Servlets.defaultContainer().removeDeployment(info);
    };
  }

  /** By the servlet that Undertow has for this; jakarta.websocket does its handshake likewise. */
  @Override
  public void addWebSocket(ServletContext context, String path, UnaryOperator<String> answer) {
    WebSocketServlet servlet =
        new WebSocketServlet(
            (exchange, channel) -> {
              channel.getReceiveSetter().set(new Answering(answer));
              channel.resumeReceives();
            });
    var registration = context.addServlet("socket", servlet);
    registration.setAsyncSupported(true);
    registration.addMapping(path);
  }

  @Override
  public void prepareJsp(ServletContext context) throws ReflectiveOperationException {
    context.setAttribute("org.apache.jasper.SERVLET_VERSION", "6.0");
    context.setAttribute("org.apache.jasper.JSP_PROPERTY_GROUPS", new HashMap<>());
    context.setAttribute("org.apache.jasper.JSP_TAG_LIBRARIES", new HashMap<>());
    context.setAttribute(
        "org.apache.tomcat.InstanceManager",
        Class.forName("io.undertow.jsp.HackInstanceManager").getConstructor().newInstance());
  }

  @Override
  public void close() {
    undertow.stop();
  }

  private static final class Answering extends AbstractReceiveListener {
    private final UnaryOperator<String> answer;

    Answering(UnaryOperator<String> answer) {
      this.answer = answer;
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage text) {
      WebSockets.sendText(answer.apply(text.getData()), channel, null);
    }
  }
}
