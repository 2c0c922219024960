package dev.eventcollector.rabbitmq.spring;

import java.lang.reflect.Method;

/** A method cannot be the handler of a queue. */
final class InvalidWorkerException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  InvalidWorkerException(Method method, String problem) {
    super(
        "@EventWorker method "
            + method.getDeclaringClass().getName()
            + "."
            + method.getName()
            + " "
            + problem);
  }

  InvalidWorkerException(Method method, String problem, Throwable cause) {
    this(method, problem);
    initCause(cause);
  }
}
