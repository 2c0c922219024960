package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.PayloadEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A payload, and its state when it was enqueued. The sent body was made from that state, so an
 * assertion must not be about a later one.
 */
final class EnqueuedPayload {

  private final Object payload;
  private final byte[] body;
  private final PayloadEncoder encoder;
  private final @Nullable String fingerprint;

  /** Create it when the event is enqueued. */
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
   * Whether the payload has changed since it was enqueued. Both its fields and its encoded form
   * have to differ: some fields may be caches, and the encoding may vary.
   */
  boolean wasChanged() {
    return fingerprint != null
        && !fingerprint.equals(fingerprintOf(payload))
        && (isIdentityOnly() || !isEncodedAsBefore());
  }

  /** Whether neither an encoder nor the payload itself reveals its state. */
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

  /** Null if the payload cannot be inspected. */
  private static @Nullable String fingerprintOf(Object payload) {
    try {
      return Fingerprint.of(payload);
    } catch (RuntimeException | StackOverflowError e) {
      return null;
    }
  }
}
