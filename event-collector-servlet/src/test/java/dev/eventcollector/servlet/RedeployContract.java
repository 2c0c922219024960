package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eventcollector.Outcome;
import jakarta.servlet.ServletContainerInitializer;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Undeploying, while the container and its threads live on. */
interface RedeployContract extends Contract {

  Container container(Threads threads) throws Exception;

  @ParameterizedTest
  @EnumSource
  default void should_leave_nothing_behind_when_the_web_app_is_undeployed(Threads threads)
      throws Exception {
    assumeTrue(threads == Threads.PLATFORM || Threads.virtualThreadsExist());

    assertIsForgotten(useAndUndeploy(container(threads)));
  }

  /** A thread, or a value in a ThreadLocal of a thread, would keep the loader alive. */
  private static void assertIsForgotten(WeakReference<ClassLoader> undeployed) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              System.gc();
              return undeployed.get() == null;
            });
  }

  /** As where the library lies in the container's own class path. */
  @Test
  default void should_leave_nothing_behind_when_the_collector_outlives_the_web_app()
      throws Exception {
    world().publisher.answerWith(Outcome.notSent("down"));

    WeakReference<ClassLoader> undeployed = shareAndUndeploy(container(Threads.PLATFORM), world());

    assertThat(retriers()).isEqualTo(1);
    assertIsForgotten(undeployed);
  }

  private static WeakReference<ClassLoader> shareAndUndeploy(Container container, World world)
      throws Exception {
    InheritableThreadLocal<ClassLoader> inheritable = new InheritableThreadLocal<>();
    ClassLoader loader = new URLClassLoader(new URL[0], RedeployContract.class.getClassLoader());
    ServletContainerInitializer app =
        (classes, context) -> {
          world.addFilter(context, EventPublishingFilter.builder());
          WebApps.addServlet(
              context,
              "/*",
              (request, response) -> {
                inheritable.set(Thread.currentThread().getContextClassLoader());
                world.enqueue("event");
                response.flushBuffer();
                inheritable.remove();
              });
        };
    try (var deployment = container.deploy(new Container.App("/redeployed", loader, app))) {
      RedeployedApp.request(container.port(), RedeployedApp.Kind.SUCCESS);
    }
    return new WeakReference<>(loader);
  }

  private static WeakReference<ClassLoader> useAndUndeploy(Container container) throws Exception {
    ClassLoader loader = new IsolatedLoader();
    ServletContainerInitializer app =
        (ServletContainerInitializer)
            loader
                .loadClass("dev.eventcollector.servlet.RedeployedApp")
                .getDeclaredConstructor()
                .newInstance();
    assertThat(app.getClass()).isNotEqualTo(RedeployedApp.class);
    try (var deployment = container.deploy(new Container.App("/redeployed", loader, app))) {
      for (RedeployedApp.Kind kind : RedeployedApp.Kind.values()) {
        for (int i = 0; i < 20; i++) {
          RedeployedApp.request(container.port(), kind);
        }
      }
      assertThat(retriers())
          .as("the collector's thread runs, so that its end is seen")
          .isEqualTo(1);
    }
    assertThat(retriers()).isZero();
    return new WeakReference<>(loader);
  }

  private static long retriers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("event-collector-retrier"))
        .count();
  }
}
