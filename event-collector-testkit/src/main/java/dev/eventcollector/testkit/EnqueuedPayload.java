package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.PayloadEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A payload, and its state when it was enqueued: what is sent was made of that, and an assertion
 * about a later state would be about something else.
 */
final class EnqueuedPayload {

  private final Object payload;
  private final byte[] body;
  private final PayloadEncoder encoder;
  private final @Nullable String fingerprint;

  /** To be made at the line that enqueues. */
  EnqueuedPayload(Object payload, Event event, PayloadEncoder encoder) {
    this.payload = payload;
    this.body = event.body().clone();
    this.encoder = encoder;
    this.fingerprint = fingerprintOf(payload);
  }

  Object payload() {
    return payload;
  }

  /**
   * Whether the payload is no longer the one that was enqueued. Both have to differ: its fields, of
   * which some may be caches, and what is encoded of it, which may differ by itself.
   */
  boolean wasChanged() {
    return fingerprint != null
        && !fingerprint.equals(fingerprintOf(payload))
        && (isIdentityOnly() || !isEncodedAsBefore());
  }

  /** Where neither an encoder nor the payload itself tells its state. */
  private boolean isIdentityOnly() {
    String identity =
        payload.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(payload));
    return Arrays.equals(body, identity.getBytes(StandardCharsets.UTF_8));
  }

  private boolean isEncodedAsBefore() {
    try {
      return Arrays.equals(body, encoder.encode(payload).body());
    } catch (Exception e) {
      return false;
    }
  }

  /** Null where the payload cannot be looked into. */
  private static @Nullable String fingerprintOf(Object payload) {
    try {
      return Fingerprint.of(payload);
    } catch (RuntimeException | StackOverflowError e) {
      return null;
    }
  }
}
