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
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.Executor;
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

  @Override
  public void close() {
    undertow.stop();
  }
}
