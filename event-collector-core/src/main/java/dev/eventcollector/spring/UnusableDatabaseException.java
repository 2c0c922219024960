package dev.eventcollector.spring;

import dev.eventcollector.EventCollectorException;

/** The outbox is switched on, but cannot use the context's database. */
final class UnusableDatabaseException extends EventCollectorException {

  private static final long serialVersionUID = 1L;

  UnusableDatabaseException(EventCollectorException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }

  /** Whether the database answers, and lacks tables or columns, or is of an unknown kind. */
  boolean answers() {
    return getCause() == null || getCause().getCause() == null;
  }
}
