package dev.eventcollector.examples.faktory;

/**
 * How an event is a job: the names in a job's {@code custom}, which Faktory hands on as they are.
 */
final class Envelope {

  private static final String PREFIX = "event-collector-";

  /** The event's id. */
  static final String ID = PREFIX + "id";

  static final String CONTENT_TYPE = PREFIX + "content-type";

  /** {@link #TEXT} or {@link #BASE64}: how the only argument is to be read. */
  static final String BODY = PREFIX + "body";

  static final String TEXT = "text";
  static final String BASE64 = "base64";

  /** The prefix of a header's name. Faktory gives some plain names a meaning of its own. */
  static final String HEADER = PREFIX + "header-";

  private Envelope() {}
}
