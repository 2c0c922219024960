package dev.eventcollector.testkit;

import org.springframework.test.context.transaction.TestTransaction;

/** The transaction that Spring has begun for a test, if Spring is present. */
final class SpringTestTransaction {

  private static final boolean SPRING = isSpringThere();

  private SpringTestTransaction() {}

  private static boolean isSpringThere() {
    try {
      Class.forName(
          "org.springframework.test.context.transaction.TestTransaction",
          false,
          SpringTestTransaction.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** A line for a failure's message; empty if no transaction of the test is open. */
  static String hint() {
    return SPRING && Spring.isActive()
        ? "\nThe transaction of the test is open. Its events are published when it"
            + " commits, and by default it is rolled back: call TestTransaction.flagForCommit() and"
            + " TestTransaction.end() first"
        : "";
  }

  /** Loaded only if Spring is present. */
  private static final class Spring {
    static boolean isActive() {
      try {
        return TestTransaction.isActive();
      } catch (IllegalStateException | LinkageError e) { // the test has no Spring context
        return false;
      }
    }
  }
}
