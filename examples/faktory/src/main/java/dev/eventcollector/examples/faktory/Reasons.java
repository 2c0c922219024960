package dev.eventcollector.examples.faktory;

import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Words a failure in one line, whatever its class does. */
final class Reasons {

  private static final int MAX_CAUSES = 20;

  /** Classes whose message says it all. */
  private static final Set<Class<?>> PLAIN = Set.of(FaktoryException.class);

  private Reasons() {}

  /** Of what went wrong on a connection: the innermost cause. */
  static String of(Throwable failure) {
    Throwable root = failure;
    for (int i = 0; i < MAX_CAUSES; i++) {
      Throwable cause = causeOf(root);
      if (cause == null || cause == root || PLAIN.contains(root.getClass())) {
        break;
      }
      root = cause;
    }
    String message = messageOf(root);
    if (PLAIN.contains(root.getClass())) {
      return message;
    }
    String type = root.getClass().getSimpleName();
    return message.isEmpty() ? type : type + ": " + message;
  }

  static Throwable unwrapped(Throwable failure) {
    return failure instanceof ExecutionException || failure instanceof CompletionException
        ? failure.getCause() == null ? failure : failure.getCause()
        : failure;
  }

  /** The message, or a sentence about it; never null, and nothing is thrown. */
  static String messageOf(Throwable failure) {
    try {
      String message = failure.getMessage();
      return message == null ? "" : message;
    } catch (Throwable e) { // the class is not ours: anything may come, even an error
      return "(its getMessage() failed with " + e.getClass().getName() + ")";
    }
  }

  /** The cause, if its class tells it. */
  static @Nullable Throwable causeOf(Throwable failure) {
    try {
      return failure.getCause();
    } catch (Throwable e) { // as above
      return null;
    }
  }

  /** For a log: what a class that is not ours says of itself, without asking it again. */
  static Throwable printable(Throwable failure) {
    return new Printable(failure);
  }

  /** The stack trace, as far as the class tells it. */
  static StackTraceElement[] stackOf(Throwable failure) {
    StackTraceElement @Nullable [] stack;
    try {
      stack = failure.getStackTrace();
    } catch (Throwable e) { // as above
      stack = null;
    }
    return stack == null ? new StackTraceElement[0] : stack;
  }

  private static final class Printable extends Exception {
    private static final long serialVersionUID = 1L;

    Printable(Throwable failure) {
      super(failure.getClass().getName() + ": " + messageOf(failure), null, false, true);
      setStackTrace(stackOf(failure));
    }

    @Override
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
