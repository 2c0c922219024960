package dev.eventcollector.testkit;

import dev.eventcollector.testkit.Candidate.MismatchException;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The checks of an {@link ExpectedEvent}; each reports why a candidate fails it. */
final class Checks {

  private static final String HINT =
      " (objects are JSON only where the collector has an encoder:"
          + " InMemoryEventCollector.builder().encoder(PayloadEncoder.json(...)))";

  private Checks() {}

  static <T> T payload(Candidate candidate, Class<T> type) throws MismatchException {
    try {
      return candidate.payloadAs(type);
    } catch (MismatchException e) {
      throw e.withMessage("payload: " + candidate.printedPayload() + " " + e.getMessage());
    }
  }

  static void requireEqualPayload(Candidate candidate, Object expected) throws MismatchException {
    Object actual;
    try {
      actual = candidate.payloadLike(expected);
    } catch (MismatchException e) {
      throw e.withMessage("payload: " + candidate.printedPayload() + " " + e.getMessage());
    }
    requireEqual("payload", expected, actual);
  }

  /** Null when it has no such payload; another condition reports that. */
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
      throw MismatchException.undecided(
          String.format(
              Locale.ROOT,
              "payload: the condition fails on %s with %s",
              Printout.text(payload),
              e));
    }
    if (!met) {
      throw new MismatchException(
          "payload: " + Printout.text(payload) + " does not meet the condition");
    }
  }

  static void requireEqual(String what, @Nullable Object expected, @Nullable Object actual)
      throws MismatchException {
    if (!Objects.deepEquals(expected, actual)) {
      throw new MismatchException(
          String.format(
              Locale.ROOT,
              "%s: expected %s, but was %s",
              what,
              Printout.text(expected),
              Printout.text(actual)));
    }
  }

  /** Numbers of different types are equal when their values are: a broker may widen them. */
  static void requireEqualHeader(String name, Object expected, @Nullable Object actual)
      throws MismatchException {
    if (isIntegral(expected)
        && isIntegral(actual)
        && ((Number) expected).longValue() == Objects.requireNonNull((Number) actual).longValue()) {
      return;
    }
    requireEqual("header " + name, expected, actual);
  }

  private static boolean isIntegral(@Nullable Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  static void requireHeader(Candidate candidate, String name) throws MismatchException {
    if (!candidate.headers().containsKey(name)) {
      throw new MismatchException(
          String.format(
              Locale.ROOT,
              "header %s: is missing; there are %s",
              name,
              candidate.headers().keySet()));
    }
  }

  static <T> @Nullable Object extracted(Function<? super T, ?> extractor, T payload)
      throws MismatchException {
    try {
      return extractor.apply(payload);
    } catch (RuntimeException e) {
      throw MismatchException.undecided("extracted: the extractor fails with " + e);
    }
  }

  /** Tries assertions. Their assertion errors decide; other exceptions do not. */
  static void requireNoError(String what, Runnable assertions) throws MismatchException {
    try {
      assertions.run();
    } catch (AssertionError e) {
      throw new MismatchException(what + ": " + inOneLine(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      throw MismatchException.undecided(what + ": " + inOneLine(e.toString()));
    }
  }

  /** Tries assertions about the candidate's body as JSON. */
  static void requireJson(Candidate candidate, Runnable assertions) throws MismatchException {
    try {
      requireNoError("JSON", assertions);
    } catch (NoClassDefFoundError e) {
      if (String.valueOf(e.getMessage()).contains("javacrumbs")) {
        throw missing("net.javacrumbs.json-unit:json-unit-assertj, for assertions about JSON", e);
      }
      throw e;
    } catch (MismatchException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("Can not parse actual value")) {
        throw candidate.shouldBeJson()
            ? MismatchException.undecided(message + HINT)
            : new MismatchException(message);
      }
      throw e;
    }
  }

  /** An error, so that nothing retries: the class path will not change. */
  private static NoClassDefFoundError missing(String library, NoClassDefFoundError cause) {
    NoClassDefFoundError error =
        new NoClassDefFoundError("the class path of the tests lacks " + library);
    error.initCause(cause);
    return error;
  }

  private static String inOneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
