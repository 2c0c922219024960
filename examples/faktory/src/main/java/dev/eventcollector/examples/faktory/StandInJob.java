package dev.eventcollector.examples.faktory;

import dev.eventcollector.examples.faktory.StandInJson.InvalidException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as the stand-in keeps it: the fields that Faktory knows, and no others. */
final class StandInJob {

  private static final List<String> TEXTS = List.of("jid", "queue", "jobtype", "created_at", "at");
  private static final int MOST_RESERVED_SECONDS = 86_400;

  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
  private @Nullable Integer retry;
  private int reserveFor;
  private @Nullable Map<String, @Nullable Object> failure;
  private Instant enqueuedAt = Instant.EPOCH;

  private StandInJob() {}

  /** Of the right types, or the whole command is refused. */
  static StandInJob read(@Nullable Object json) throws InvalidException {
    StandInJob job = new StandInJob();
    for (Map.Entry<String, @Nullable Object> field : StandInJson.object(json).entrySet()) {
      job.set(field.getKey(), field.getValue());
    }
    return job;
  }

  private void set(String name, @Nullable Object value) throws InvalidException {
    if (value == null) {
      return;
    }
    if (TEXTS.contains(name)) {
      require(value instanceof String, name);
      fields.put(name, value);
    } else if (name.equals("args")) {
      require(value instanceof List<?>, name);
      fields.put(name, value);
    } else if (name.equals("custom")) {
      fields.put(name, StandInJson.object(value));
    } else if (name.equals("retry")) {
      retry = whole(value, name);
    } else if (name.equals("reserve_for")) {
      reserveFor = whole(value, name);
    }
  }

  private static int whole(Object value, String name) throws InvalidException {
    require(value instanceof Double number && number == Math.rint(number), name);
    return ((Double) value).intValue();
  }

  private static void require(boolean holds, String name) throws InvalidException {
    if (!holds) {
      throw new InvalidException("invalid JSON: wrong type of " + name);
    }
  }

  private String text(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  String jid() {
    return text("jid");
  }

  String queue() {
    return text("queue").isEmpty() ? "default" : text("queue");
  }

  @Nullable Integer retry() {
    return retry;
  }

  void retry(int value) {
    retry = value;
  }

  int reserveFor() {
    return reserveFor;
  }

  /** The reason why it cannot be kept; null when it can. */
  @Nullable String problem() {
    if (jid().length() < 8) {
      return "jobs must have a reasonable jid parameter";
    }
    if (text("jobtype").isEmpty()) {
      return "jobs must have a jobtype parameter";
    }
    if (!fields.containsKey("args")) {
      return "jobs must have an args parameter";
    }
    if (reserveFor > MOST_RESERVED_SECONDS) {
      return "jobs cannot be reserved for more than one day";
    }
    try {
      at();
    } catch (DateTimeParseException e) {
      return "invalid timestamp for 'at': \"" + text("at") + "\"";
    }
    return JobLimits.isQueueName(queue())
        ? null
        : "cannot get \"" + queue() + "\" queue: queue names must match [a-zA-Z0-9._-]+";
  }

  /** When it is due; null for at once. */
  @Nullable Instant at() {
    return text("at").isEmpty() ? null : Instant.parse(text("at"));
  }

  void enqueuedAt(Instant value) {
    enqueuedAt = value;
  }

  Instant enqueuedAt() {
    return enqueuedAt;
  }

  /** Counts a failure; as the server does it. */
  int fail(String type, String message, List<?> backtrace, Instant now) {
    Map<String, @Nullable Object> next = new LinkedHashMap<>();
    int count = failure == null ? 0 : failures() + 1;
    next.put("retry_count", count);
    next.put("remaining", Math.max(0, (retry == null ? 0 : retry) - count));
    next.put("failed_at", failure == null ? now.toString() : failure.get("failed_at"));
    next.put("message", message);
    next.put("errtype", type);
    next.put("backtrace", backtrace);
    failure = next;
    return count;
  }

  private int failures() {
    return failure != null && failure.get("retry_count") instanceof Integer count ? count : 0;
  }

  byte[] json() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("retry", retry);
    if (failure != null) {
      all.put("failure", failure);
    }
    all.putAll(fields);
    all.put("queue", queue());
    all.put("enqueued_at", enqueuedAt.toString());
    if (reserveFor != 0) {
      all.put("reserve_for", reserveFor);
    }
    return StandInJson.write(all);
  }
}
