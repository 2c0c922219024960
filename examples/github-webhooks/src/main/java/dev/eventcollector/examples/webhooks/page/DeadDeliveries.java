package dev.eventcollector.examples.webhooks.page;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.Outcome;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.queue.Queues;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What somebody can do with the deliveries that every attempt has failed for: look, requeue, drop.
 *
 * <p>A queue can only be looked into by taking messages out of it and giving them back, which the
 * broker does by itself, too, when we go down meanwhile. So nobody else sees them for that moment,
 * they may come back in another order, and are marked as redelivered; nothing else about them
 * changes.
 */
final class DeadDeliveries {

  /** How many are listed; all can be acted on once those before them are gone. */
  static final int MAX_LISTED = 100;

  private static final Logger LOGGER = LoggerFactory.getLogger(DeadDeliveries.class);
  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(5);

  private final BrokerDesk desk;
  private final EventPublisher publisher;
  private final RecentDeliveries recent;
  private final Counters counters;

  /** One of them with what it was to deliver. */
  record Opened(DeadDelivery about, byte[] body) {}

  /** What is done with one that was found, before it is acknowledged. */
  @FunctionalInterface
  private interface Action {
    void on(GetResponse message) throws IOException;
  }

  DeadDeliveries(
      BrokerDesk desk, EventPublisher publisher, RecentDeliveries recent, Counters counters) {
    this.desk = desk;
    this.publisher = publisher;
    this.recent = recent;
    this.counters = counters;
  }

  /** The first of the queue. */
  List<DeadDelivery> list() throws IOException {
    return desk.ask(
        channel -> {
          List<DeadDelivery> found = new ArrayList<>();
          GetResponse message = null;
          for (int i = 0, size = size(channel); i < Math.min(size, MAX_LISTED); i++) {
            GetResponse next = channel.basicGet(Queues.DEAD, false);
            if (next == null) {
              break;
            }
            message = next;
            found.add(DeadDelivery.of(next)); // and not the payload, which may be large
          }
          giveBackUpTo(channel, message);
          return found;
        });
  }

  /** Empty when there is none of that key. */
  Optional<Opened> open(String key) throws IOException {
    return desk.ask(
        channel ->
            Optional.ofNullable(find(channel, key, false))
                .map(message -> new Opened(DeadDelivery.of(message), message.getBody())));
  }

  /**
   * Puts one back into the queue of deliveries as if it had just come in. It leaves the dead ones
   * only after the broker has confirmed the copy; when we go down in between there are two, which
   * have the same id.
   *
   * @return whether there was one of that key
   * @throws IOException when it is uncertain; it is still among the dead ones then, and perhaps in
   *     the queue as well
   */
  boolean requeue(String key) throws IOException {
    Optional<DeadDelivery> requeued = settle(key, this::publish);
    requeued.ifPresent(
        one -> {
          counters.requeued.increment();
          recent.onRequeued(String.valueOf(one.delivery()));
          LOGGER.info("requeued the dead delivery {}", one.delivery());
        });
    return requeued.isPresent();
  }

  private void publish(GetResponse message) throws IOException {
    BasicProperties properties = message.getProps();
    String id = properties.getMessageId();
    if (id == null) {
      throw new IOException("it has no message id, so that it would only die again");
    }
    Event event;
    try {
      event =
          new Event(
              id,
              Queues.GITHUB_EVENTS,
              message.getBody(),
              properties.getContentType(),
              DeadDelivery.headersOfFreshStart(properties));
    } catch (InvalidEventException e) {
      throw new IOException("it cannot be sent: " + e.getMessage(), e);
    }
    Outcome outcome = publisher.publish(List.of(event), PUBLISH_TIMEOUT).get(0);
    if (!outcome.isConfirmed()) {
      throw new IOException("the broker did not confirm it, so it stays here: " + outcome);
    }
  }

  /**
   * Forgets one.
   *
   * @return whether there was one of that key
   */
  boolean drop(String key) throws IOException {
    Optional<DeadDelivery> dropped = settle(key, message -> {});
    dropped.ifPresent(
        one -> {
          recent.onDeadDropped(String.valueOf(one.delivery()));
          LOGGER.info("dropped the dead delivery {}", one.delivery());
        });
    return dropped.isPresent();
  }

  private Optional<DeadDelivery> settle(String key, Action action) throws IOException {
    return desk.ask(
        channel -> {
          GetResponse message = find(channel, key, true);
          if (message == null) {
            return Optional.empty();
          }
          action.on(message);
          channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
          size(channel); // answered after the acknowledgement was handled, which has no answer
          return Optional.of(DeadDelivery.of(message));
        });
  }

  /** Holds the one it has found, if asked to, and has given all others back. */
  private static @Nullable GetResponse find(Channel channel, String key, boolean hold)
      throws IOException {
    GetResponse last = null;
    GetResponse found = null;
    for (int i = 0, size = size(channel); i < size && found == null; i++) {
      GetResponse next = channel.basicGet(Queues.DEAD, false);
      if (next == null) {
        break;
      }
      if (DeadDelivery.of(next).key().equals(key)) {
        found = next;
      } else {
        last = next;
      }
    }
    giveBackUpTo(channel, hold || found == null ? last : found);
    return found;
  }

  private static void giveBackUpTo(Channel channel, @Nullable GetResponse last) throws IOException {
    if (last != null) {
      channel.basicNack(last.getEnvelope().getDeliveryTag(), true, true);
    }
  }

  private static int size(Channel channel) throws IOException {
    return channel.queueDeclarePassive(Queues.DEAD).getMessageCount();
  }
}
