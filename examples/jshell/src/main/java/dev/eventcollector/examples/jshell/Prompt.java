package dev.eventcollector.examples.jshell;

import dev.eventcollector.testkit.broker.Broker;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives objects the manners that one expects at a prompt. */
final class Prompt {

  /** The results of these methods of a broker for a queue that is not there. */
  private static final Map<String, Object> OF_NO_QUEUE =
      Map.of("received", List.of(), "receive", List.of(), "messageCount", 0);

  private static final StackTraceElement[] NO_STACK_TRACE = {};

  private Prompt() {}

  /** The same broker, which says in a line that there is no such queue, and throws nothing. */
  static Broker broker(Broker broker, PrintStream out) {
    return (Broker)
        Proxy.newProxyInstance(
            Broker.class.getClassLoader(),
            new Class<?>[] {Broker.class},
            (proxy, method, arguments) -> {
              Object ofNoQueue = OF_NO_QUEUE.get(method.getName());
              if (ofNoQueue == null) {
                return call(broker, method, arguments);
              }
              if (isAwaited(method, arguments[0]) || isThere(broker, arguments[0])) {
                try {
                  return call(broker, method, arguments);
                } catch (IllegalStateException e) {
                  if (isThere(broker, arguments[0])) {
                    throw e;
                  }
                }
              }
              out.println(
                  "there is no queue " + arguments[0] + "; the first event for it declares it");
              out.flush();
              return ofNoQueue;
            });
  }

  /** {@link Broker#receive} waits for the queue as well. */
  private static boolean isAwaited(Method method, @Nullable Object queue) {
    return method.getName().equals("receive") && queue instanceof String name && !name.isEmpty();
  }

  private static boolean isThere(Broker broker, @Nullable Object queue) {
    try {
      return queue instanceof String name && !name.isEmpty() && broker.hasQueue(name);
    } catch (RuntimeException e) {
      throw withoutStackTrace(e);
    }
  }

  private static @Nullable Object call(Object on, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException reason
          ? withoutStackTrace(reason)
          : e.getCause();
    }
  }

  /** The same exception, of which JShell shows one line, and one for each cause. */
  static <T extends Throwable> T withoutStackTrace(T failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      one.setStackTrace(NO_STACK_TRACE);
    }
    return failure;
  }
}
