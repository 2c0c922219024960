package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as the page lists it.
 *
 * @param branch known once its workflows were chosen
 * @param receivedAt when it was first seen, in milliseconds since 1970
 * @param changedAt when its status last changed, in milliseconds since 1970
 * @param durationMillis from when it was first seen until it came to an end; null before
 * @param reason of its last failure, if any
 * @param started the workflows that it starts; null until they were chosen
 * @param version of the list when this changed last
 */
public record RecentDelivery(
    String delivery,
    @Nullable String event,
    @Nullable String action,
    @Nullable String repository,
    @Nullable String branch,
    Status status,
    int attempts,
    long receivedAt,
    long changedAt,
    @Nullable Long durationMillis,
    @Nullable String reason,
    @Nullable List<String> started,
    long version) {

  /** How far a delivery has come. */
  public enum Status {
    /** Taken in, and not confirmed by the broker yet. */
    OWED,
    /** The broker has it. */
    QUEUED,
    /** An attempt has failed, and there will be another. */
    RETRYING,
    /** The broker has all of its workflow runs. */
    COMPLETED,
    /** Every attempt has failed. */
    DEAD,
    /** Somebody, or the worker, has decided that it is not to be handled. */
    DROPPED,
    /** The broker would not take it. */
    UNDELIVERABLE;

    boolean isEnd() {
      return compareTo(COMPLETED) >= 0;
    }
  }

  private static final int TEXT_CHARACTERS = 300;

  /** Of what its headers tell. */
  static RecentDelivery first(String id, Map<String, Object> headers, long now) {
    return new RecentDelivery(
        id,
        text(headers, ReceivedEvent.EVENT),
        text(headers, ReceivedEvent.ACTION),
        text(headers, ReceivedEvent.REPOSITORY),
        null,
        Status.QUEUED,
        0,
        now,
        now,
        null,
        null,
        null,
        0);
  }

  private static @Nullable String text(Map<String, Object> headers, String name) {
    Object value = headers.get(name);
    return value == null ? null : shortened(value.toString());
  }

  static @Nullable String shortened(@Nullable String text) {
    return text == null || text.length() <= TEXT_CHARACTERS
        ? text
        : text.substring(0, TEXT_CHARACTERS) + "...";
  }

  RecentDelivery with(Status next, int attempt, long now, @Nullable String why) {
    Long duration = next.isEnd() ? Long.valueOf(Math.max(0, now - receivedAt)) : null;
    return new RecentDelivery(
        delivery,
        event,
        action,
        repository,
        branch,
        next,
        attempt,
        receivedAt,
        now,
        duration,
        why,
        started,
        version);
  }

  RecentDelivery with(@Nullable String itsBranch, List<String> workflows) {
    return new RecentDelivery(
        delivery,
        event,
        action,
        repository,
        itsBranch,
        status,
        attempts,
        receivedAt,
        changedAt,
        durationMillis,
        reason,
        workflows,
        version);
  }

  RecentDelivery with(long itsVersion) {
    return new RecentDelivery(
        delivery,
        event,
        action,
        repository,
        branch,
        status,
        attempts,
        receivedAt,
        changedAt,
        durationMillis,
        reason,
        started,
        itsVersion);
  }
}
