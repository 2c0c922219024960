package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.examples.webhooks.history.OpenedDelivery;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operator's actions on failed deliveries: look, handle again, drop. */
interface FailedDeliveries extends AutoCloseable {

  /** How many dead ones a page lists; each is held in memory with its body for a moment. */
  int PAGE_SIZE = 20;

  /**
   * A dead delivery, without its payload.
   *
   * @param key tells it from others, also from one with the same id that died at another time
   * @param firstFailure in milliseconds since 1970; null when it is not known
   */
  record Dead(
      String key,
      @Nullable String delivery,
      @Nullable String event,
      @Nullable String action,
      @Nullable String repository,
      String reason,
      int attempts,
      @Nullable Long firstFailure,
      @Nullable Long lastFailure) {}

  /**
   * Some of them.
   *
   * @param total of all, listed here or not
   * @param note where to find the others; null when all can be listed
   * @param requeueAll what it means to requeue all of them
   */
  record Listed(
      long total,
      int offset,
      int limit,
      List<Dead> dead,
      @Nullable String note,
      String requeueAll) {}

  /**
   * One of them.
   *
   * @param stack the first lines of the stack trace; null when it is not known
   * @param payload null when it is not known
   */
  record Opened(Dead about, @Nullable String stack, byte @Nullable [] payload) {}

  /**
   * The result of an action on many deliveries. An action that ends early has changed some of them.
   *
   * @param done how many it has changed
   * @param failed how many it could not change
   * @param left how many it did not come to in its time; they are still dead
   * @param problem why it failed or did not come to them; null when nothing failed
   */
  record Changed(long done, long failed, long left, @Nullable String problem) {}

  /** A page of dead ones, beginning with this one. */
  Listed list(int offset) throws IOException;

  /** Empty when there is none of that key. */
  Optional<Opened> open(String key) throws IOException;

  /**
   * Has dead ones handled again at once, as many as its time allows.
   *
   * @return all zero when none of them is there any more
   * @throws IOException when it has changed none; the message says why
   */
  Changed requeue(List<String> keys) throws IOException;

  /** As {@link #requeue}, for all that are dead now, the longest dead first. */
  Changed requeueAll() throws IOException;

  /** Forgets dead ones for good, as {@link #requeue} has them handled again. */
  Changed drop(List<String> keys) throws IOException;

  /**
   * Has a delivery that waits for its next attempt handled now.
   *
   * @throws IOException when that is not possible; the message says why
   */
  void retryNow(OpenedDelivery waiting) throws IOException;

  @Override
  void close();
}
