package dev.eventcollector.rabbitmq.spring;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A method cannot be the handler of a queue. */
final class InvalidWorkerException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  private final String action;

  /** With the rule that the method breaks, and what its author has to do. */
  InvalidWorkerException(Method method, String problem, String action) {
    this(method, problem, action, null);
  }

  InvalidWorkerException(Method method, String problem, String action, @Nullable Throwable cause) {
    super(
        "@EventWorker method "
            + method.getDeclaringClass().getName()
            + "."
            + method.getName()
            + " "
            + problem,
        cause);
    this.action = action;
  }

  /** The next steps, as sentences. */
  String action() {
    return action;
  }
}
