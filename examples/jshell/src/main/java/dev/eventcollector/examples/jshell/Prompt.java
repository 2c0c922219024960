package dev.eventcollector.examples.jshell;

import dev.eventcollector.CollectorState;
import dev.eventcollector.EventCollector;
import dev.eventcollector.testkit.broker.Broker;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives objects the manners that one expects at a prompt. */
final class Prompt {

  /** What these methods of a broker give for a queue that is not there. */
  private static final Map<String, Object> OF_NO_QUEUE =
      Map.of("received", List.of(), "receive", List.of(), "messageCount", 0);

  private Prompt() {}

  /** The same collector, with its state. */
  static PromptCollector collector(EventCollector events, Supplier<CollectorState> state) {
    return proxy(
        PromptCollector.class,
        (proxy, method, arguments) ->
            method.getDeclaringClass() == PromptCollector.class
                ? state.get()
                : call(events, method, arguments));
  }

  /** The same broker, which says in a line that there is no such queue, and throws nothing. */
  static Broker broker(Broker broker, PrintStream out) {
    return proxy(
        Broker.class,
        (proxy, method, arguments) -> {
          Object ofNoQueue = OF_NO_QUEUE.get(method.getName());
          if (ofNoQueue != null
              && arguments[0] instanceof String queue
              && !broker.hasQueue(queue)) {
            out.println("there is no queue " + queue + "; the first event for it declares it");
            out.flush();
            return ofNoQueue;
          }
          return call(broker, method, arguments);
        });
  }

  private static @Nullable Object call(Object on, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
