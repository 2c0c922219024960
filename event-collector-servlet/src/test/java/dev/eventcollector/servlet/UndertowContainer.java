package dev.eventcollector.servlet;

import io.undertow.Undertow;
import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
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
            .setHandler(paths)
            .build();
    undertow.start();
  }

  @Override
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Override
  public Deployment deploy(
      String contextPath,
      ClassLoader loader,
      @Nullable String errorPage,
      ServletContainerInitializer app)
      throws Exception {
    DeploymentInfo info =
        Servlets.deployment()
            .setDeploymentName(contextPath)
            .setContextPath(contextPath)
            .setClassLoader(loader)
            .setExecutor(executor)
            .setEagerFilterInit(true)
            .addServletContainerInitializers(
                new ServletContainerInitializerInfo(
                    app.getClass(), new ImmediateInstanceFactory<>(app), Set.of()));
    if (errorPage != null) {
      info.addErrorPage(new ErrorPage(errorPage));
    }
    DeploymentManager deployment = Servlets.defaultContainer().addDeployment(info);
    deployment.deploy();
    paths.addPrefixPath(contextPath, deployment.start());
    return () -> {
      paths.removePrefixPath(contextPath);
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
