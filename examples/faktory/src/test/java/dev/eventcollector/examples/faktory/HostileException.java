package dev.eventcollector.examples.faktory;

/** Fails in all that is asked of it. */
final class HostileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  @Override
  public String getMessage() {
    throw new StackOverflowError("in getMessage");
  }

  @Override
  public synchronized Throwable getCause() {
    throw new IllegalStateException("in getCause");
  }

  @Override
  public StackTraceElement[] getStackTrace() {
    return new StackTraceElement[0];
  }

  @Override
  public String toString() {
    throw new IllegalStateException("in toString");
  }
}
