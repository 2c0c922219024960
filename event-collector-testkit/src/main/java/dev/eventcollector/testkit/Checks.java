package dev.eventcollector.testkit;

import dev.eventcollector.testkit.Candidate.MismatchException;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an {@link ExpectedEvent} requires of a candidate; each says why it is not met. */
final class Checks {

  private Checks() {}

  static <T> T payload(Candidate candidate, Class<T> type) throws MismatchException {
    try {
      return candidate.payloadAs(type);
    } catch (MismatchException e) {
      throw new MismatchException("payload: " + printed(candidate) + " " + e.getMessage());
    }
  }

  /** Null when it is of another type, which another condition says. */
  static <T> @Nullable T quietly(Candidate candidate, Class<T> type) {
    try {
      return candidate.payloadAs(type);
    } catch (MismatchException e) {
      return null;
    }
  }

  static <T> void requireThat(Predicate<? super T> condition, T payload) throws MismatchException {
    boolean met;
    try {
      met = condition.test(payload);
    } catch (RuntimeException e) {
      throw new MismatchException(
          "payload: the condition fails on %s with %s".formatted(Printout.text(payload), e));
    }
    if (!met) {
      throw new MismatchException(
          "payload: " + Printout.text(payload) + " does not meet the condition");
    }
  }

  static String printed(Candidate candidate) {
    return Printout.text(candidate.payload());
  }

  static void requireEqual(String what, @Nullable Object expected, @Nullable Object actual)
      throws MismatchException {
    if (!Objects.deepEquals(expected, actual)) {
      throw new MismatchException(
          "%s: expected %s, but was %s"
              .formatted(what, Printout.text(expected), Printout.text(actual)));
    }
  }

  static void requireNoError(String what, Runnable assertions) throws MismatchException {
    try {
      assertions.run();
    } catch (NoClassDefFoundError e) {
      if (String.valueOf(e.getMessage()).contains("javacrumbs")) {
        throw missing("net.javacrumbs.json-unit:json-unit-assertj, for assertions about JSON", e);
      }
      throw e;
    } catch (AssertionError e) {
      String message = inOneLine(String.valueOf(e.getMessage()));
      throw new MismatchException(what + ": " + message + hint(message));
    } catch (RuntimeException e) {
      throw new MismatchException(what + ": " + inOneLine(e.toString()));
    }
  }

  /** Not to be tried again: the class path will not change. */
  private static NoClassDefFoundError missing(String library, NoClassDefFoundError cause) {
    NoClassDefFoundError error =
        new NoClassDefFoundError("the class path of the tests lacks " + library);
    error.initCause(cause);
    return error;
  }

  private static String hint(String message) {
    return message.contains("Can not parse actual value")
        ? " (objects are JSON only where the collector has an encoder:"
            + " InMemoryEventCollector.builder().encoder(PayloadEncoder.json(...)))"
        : "";
  }

  private static String inOneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
