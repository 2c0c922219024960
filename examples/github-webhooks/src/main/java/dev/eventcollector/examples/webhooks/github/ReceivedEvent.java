package dev.eventcollector.examples.webhooks.github;

import dev.eventcollector.EventOptions;
import dev.eventcollector.rabbitmq.Delivery;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of GitHub's, as it travels through the queue: its name and id beside what its
 * payload tells.
 *
 * @param delivery the GUID that GitHub gave this delivery; the same when it is sent again
 * @param name such as {@code push}
 * @param hookId which webhook sent it; null when nobody said
 * @param facts from its payload
 */
public record ReceivedEvent(
    String delivery, String name, @Nullable String hookId, PayloadFacts facts) {

  public static final String EVENT = "event";
  public static final String ACTION = "action";
  private static final String HOOK_ID = "hook-id";
  public static final String REPOSITORY = "repository";

  /** The delivery's id becomes the message's, and the rest its headers. */
  public EventOptions toOptions() {
    EventOptions options =
        EventOptions.id(delivery).withContentType("application/json").withHeader(EVENT, name);
    options = with(options, ACTION, facts.action());
    options = with(options, HOOK_ID, hookId);
    return with(options, REPOSITORY, facts.repository());
  }

  /** Its description on the page, as the message's headers. */
  public Map<String, Object> headers() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put(EVENT, name);
    String action = facts.action();
    if (action != null) {
      headers.put(ACTION, action);
    }
    String repository = facts.repository();
    if (repository != null) {
      headers.put(REPOSITORY, repository);
    }
    return headers;
  }

  private static EventOptions with(EventOptions options, String header, @Nullable String value) {
    return value == null ? options : options.withHeader(header, value);
  }

  /**
   * The message from the queue.
   *
   * @throws MalformedPayloadException when it is nothing that {@link #toOptions} has described
   */
  public static ReceivedEvent of(Delivery message) throws MalformedPayloadException {
    String delivery = message.messageId();
    String name = message.header(EVENT);
    if (delivery == null || name == null) {
      throw new MalformedPayloadException(
          "the message has no " + (name == null ? "header " + EVENT : "message id"));
    }
    return new ReceivedEvent(
        delivery, name, message.header(HOOK_ID), PayloadFacts.read(message.body()));
  }

  /** For logs: event, action, repository, id. */
  @Override
  public String toString() {
    String action = facts.action() == null ? "" : "/" + facts.action();
    String repository = facts.repository() == null ? "no repository" : facts.repository();
    return String.format(Locale.ROOT, "%s%s %s %s", name, action, repository, delivery);
  }
}
