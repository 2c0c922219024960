package dev.eventcollector.examples.faktory;

import dev.eventcollector.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;

/**
 * The id of an event's job, derived from all that the event is: one that is published again keeps
 * its jid, and two that differ in anything have two, though they share an id.
 *
 * <p>That matters because Faktory knows a job that is being worked on by its jid alone. Of two such
 * jobs with one jid, the end of either counts for both, and when the worker of the other dies, that
 * job is gone (Faktory 1.10, {@code manager/working.go}).
 */
final class Jid {

  private static final int BYTES = 18;

  private Jid() {}

  static String of(Event event) {
    MessageDigest sha = sha256();
    add(sha, event.queue());
    add(sha, event.id());
    add(sha, event.contentType() == null ? "" : event.contentType());
    new TreeMap<>(event.headers())
        .forEach(
            (name, value) -> {
              add(sha, name);
              add(sha, String.valueOf(value));
            });
    byte[] digest = sha.digest(event.body());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
  }

  private static void add(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    sha.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
