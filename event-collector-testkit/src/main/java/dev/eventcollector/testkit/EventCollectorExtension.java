package dev.eventcollector.testkit;

import dev.eventcollector.EventCollectors;
import dev.eventcollector.EventCollectors.Replacement;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Gives each test of JUnit Jupiter an {@link InMemoryEventCollector} of its own, behind {@code
 * EventCollector.threadSingletonInstance()} and as a parameter.
 *
 * <pre>{@code
 * @ExtendWith(EventCollectorExtension.class)
 * class OrdersTest {
 *   @Test void should_announce_order(InMemoryEventCollector events) {
 *     placeOrder(42);
 *     assertThat(events).published(event().toQueue("orders"));
 *   }
 * }
 * }</pre>
 *
 * <p>It is in place only on the thread of the test, so that tests may run in parallel; afterwards
 * the previous collector is restored. For code that enqueues on other threads, or for other
 * settings, register it with a field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EventCollectorExtension EVENTS =
 *     EventCollectorExtension.builder().onAllThreads().build();
 * }</pre>
 *
 * <p>A test that leaves a unit of work open fails. Test methods, and methods that run before and
 * after each test, may have parameters of type {@link InMemoryEventCollector} and {@link
 * ScriptedEventPublisher}. Needs JUnit Jupiter 5.10 or newer.
 */
public final class EventCollectorExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver, InvocationInterceptor {

  private final Namespace namespace = Namespace.create(EventCollectorExtension.class, this);
  private final Supplier<InMemoryEventCollector> collectors;
  private final boolean onAllThreads;
  private final boolean everythingPublished;

  /** With the defaults of {@link #builder()}. */
  public EventCollectorExtension() {
    this(builder());
  }

  EventCollectorExtension(EventCollectorExtensionBuilder builder) {
    collectors = builder.collectors;
    onAllThreads = builder.onAllThreads;
    everythingPublished = builder.everythingPublished;
  }

  /** A builder for an extension, for {@code @RegisterExtension}. */
  public static EventCollectorExtensionBuilder builder() {
    return new EventCollectorExtensionBuilder();
  }

  private record InPlace(InMemoryEventCollector events, Replacement replacement, Thread thread) {}

  @Override
  public void beforeEach(ExtensionContext context) {
    InMemoryEventCollector events = collectors.get();
    Replacement replacement =
        onAllThreads
            ? ProcessWideReplacement.of(events, context.getDisplayName())
            : EventCollectors.replaceOnThisThread(events);
    store(context).put(InPlace.class, new InPlace(events, replacement, Thread.currentThread()));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    InPlace inPlace = store(context).remove(InPlace.class, InPlace.class);
    if (inPlace == null) {
      return; // none exists, because creating it failed
    }
    try (InMemoryEventCollector events = inPlace.events();
        Replacement replacement = inPlace.replacement()) {
      if (context.getExecutionException().isEmpty()) {
        Leftovers.requireNone(events, everythingPublished);
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == InMemoryEventCollector.class || type == ScriptedEventPublisher.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    InPlace inPlace = inPlace(context);
    if (inPlace == null) {
      throw new ParameterResolutionException(
          "each test has an event collector of its own, so only test methods and methods before"
              + " and after each test can take it, not "
              + parameter.getDeclaringExecutable());
    }
    return parameter.getParameter().getType() == ScriptedEventPublisher.class
        ? inPlace.events().publisher()
        : inPlace.events();
  }

  private Store store(ExtensionContext context) {
    return context.getStore(namespace);
  }

  private @Nullable InPlace inPlace(ExtensionContext context) {
    return store(context).get(InPlace.class, InPlace.class);
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation, context);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation, context);
  }

  @Override
  public <T> T interceptTestFactoryMethod(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    return proceed(invocation, context);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation,
      DynamicTestInvocationContext test,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation, context);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation, context);
  }

  /** A timeout, for example, runs a test on another thread, which also needs the collector. */
  private <T extends @Nullable Object> T proceed(Invocation<T> invocation, ExtensionContext context)
      throws Throwable {
    InPlace inPlace = inPlace(context);
    if (inPlace == null || onAllThreads || inPlace.thread() == Thread.currentThread()) {
      return invocation.proceed();
    }
    try (Replacement replacement = EventCollectors.replaceOnThisThread(inPlace.events())) {
      return invocation.proceed();
    }
  }
}
