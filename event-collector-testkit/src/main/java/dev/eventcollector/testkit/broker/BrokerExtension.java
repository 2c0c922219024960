package dev.eventcollector.testkit.broker;

import dev.eventcollector.testkit.broker.BrokerPool.Availability;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives a test its broker, or skips the test, or fails it when the broker was demanded. */
final class BrokerExtension
    implements ExecutionCondition,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);

  private final @Nullable List<BrokerKind> kinds;

  /** Takes the kinds from {@link WithBroker}. */
  BrokerExtension() {
    this.kinds = null;
  }

  /** For these kinds, the first that is available. */
  BrokerExtension(List<BrokerKind> kinds) {
    this.kinds = kinds;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Choice choice = choose(context);
    return choice.availability() instanceof Availability.Missing missing && !missing.mustFail()
        ? ConditionEvaluationResult.disabled(missing.reason())
        : ConditionEvaluationResult.enabled("there is a broker, or there must be one");
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Choice choice = choose(context);
    if (choice.availability() instanceof Availability.Missing missing) {
      throw new AssertionError(missing.reason());
    }
    BrokerPool.of(context).ranOn(choice.kind(), context.getRequiredTestClass());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Broker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    synchronized (BrokerExtension.class) {
      Broker broker = store.get(Broker.class, Broker.class); // the class's own, if it has one
      if (broker == null) {
        broker = newBroker(context);
        store.put(Broker.class, broker);
      }
      return broker;
    }
  }

  private Broker newBroker(ExtensionContext context) {
    Availability availability = choose(context).availability();
    if (availability instanceof Availability.Ready ready) {
      return ready.broker().newBroker();
    }
    throw new ParameterResolutionException(((Availability.Missing) availability).reason());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    Broker ofTest = store.remove(Broker.class, Broker.class);
    if (ofTest != null) {
      ofTest.close();
      return;
    }
    Broker ofClass = store.get(Broker.class, Broker.class);
    if (ofClass != null) {
      ofClass.reset();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Broker ofClass = context.getStore(NAMESPACE).remove(Broker.class, Broker.class);
    if (ofClass != null) {
      ofClass.close();
    }
  }

  private record Choice(BrokerKind kind, Availability availability) {}

  /** The first kind that is available, or else the first. */
  private Choice choose(ExtensionContext context) {
    BrokerPool pool = BrokerPool.of(context);
    List<BrokerKind> wanted = kinds == null ? wantedByAnnotation(context) : kinds;
    if (wanted.isEmpty()) {
      wanted = List.of(pool.settings().usual());
    }
    return wanted.stream()
        .map(kind -> new Choice(kind, pool.find(kind)))
        .filter(choice -> choice.availability() instanceof Availability.Ready)
        .findFirst()
        .orElse(new Choice(wanted.get(0), pool.find(wanted.get(0))));
  }

  private static List<BrokerKind> wantedByAnnotation(ExtensionContext context) {
    Optional<WithBroker> found =
        AnnotationSupport.findAnnotation(context.getTestMethod(), WithBroker.class);
    Class<?> type = context.getTestClass().orElse(null);
    while (found.isEmpty() && type != null) {
      found = AnnotationSupport.findAnnotation(type, WithBroker.class);
      type = type.getEnclosingClass();
    }
    return found.map(annotation -> List.of(annotation.value())).orElse(List.of());
  }
}
