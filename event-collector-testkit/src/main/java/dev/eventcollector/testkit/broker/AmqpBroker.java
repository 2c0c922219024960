package dev.eventcollector.testkit.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A {@link Broker} by way of amqp-client. */
final class AmqpBroker implements Broker {

  private static final long CONFIRM_MILLIS = 10_000;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int PERSISTENT = 2;

  private final String uri;
  private final AmqpConnector connector;
  private final Duration sendPatience;
  private final Runnable afterClose;
  private final Set<String> declared = new LinkedHashSet<>();
  private final Map<String, List<ReceivedMessage>> taken = new LinkedHashMap<>();
  private boolean closed;

  /**
   * Connects when it is first asked something.
   *
   * @param afterClose gives back what was made for this broker alone
   */
  AmqpBroker(String name, String uri, Runnable afterClose) {
    this(name, uri, PATIENCE, afterClose);
  }

  /** As the other one; sending waits so long for the queue. */
  AmqpBroker(String name, String uri, Duration sendPatience, Runnable afterClose) {
    this.uri = uri;
    this.sendPatience = sendPatience;
    this.connector = new AmqpConnector(name, uri);
    this.afterClose = afterClose;
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public synchronized String declareQueue(String name, Map<String, Object> arguments) {
    boolean own = declared.contains(name);
    if (!own) {
      requireNone(name);
    }
    if (!own || !hasQueue(name)) {
      connector.call(
          "declare queue " + name,
          channel -> channel.queueDeclare(name, true, false, false, arguments));
      declared.add(name);
    }
    return name;
  }

  @Override
  public String declareUniqueQueue(String prefix) {
    return declareQueue(prefix + "-" + UUID.randomUUID());
  }

  @Override
  public synchronized void deleteAtEnd(String... queues) {
    for (String queue : queues) {
      if (!declared.contains(queue)) {
        requireNone(queue);
        declared.add(queue);
      }
    }
  }

  private void requireNone(String queue) {
    if (hasQueue(queue)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "queue %s exists already on the %s, and a test must not empty or delete what it did not declare; delete it by hand if an aborted test has left it behind, or use declareUniqueQueue",
              queue,
              connector));
    }
  }

  @Override
  public boolean hasQueue(String queue) {
    return find(queue) != null;
  }

  @Override
  public int messageCount(String queue) {
    DeclareOk found = find(queue);
    if (found == null) {
      throw noQueue(queue, "");
    }
    return found.getMessageCount();
  }

  private IllegalStateException noQueue(String queue, String more) {
    return new IllegalStateException("there is no queue " + queue + " on the " + connector + more);
  }

  private @Nullable DeclareOk find(String queue) {
    return callUnlessMissing(
        "look for queue " + queue, channel -> channel.queueDeclarePassive(queue));
  }

  /** Does something with a queue; null when there is no such queue. */
  private <T> @Nullable T callUnlessMissing(String what, AmqpConnector.Action<T> action) {
    List<T> answers =
        connector.call(
            what,
            channel -> {
              try {
                return List.of(action.on(channel));
              } catch (IOException e) {
                if (isNotFound(e)) {
                  return List.of();
                }
                throw e;
              }
            });
    return answers.isEmpty() ? null : answers.get(0);
  }

  private static boolean isNotFound(IOException e) {
    return e.getCause() instanceof ShutdownSignalException refused
        && refused.getReason() instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.NOT_FOUND;
  }

  @Override
  public List<ReceivedMessage> receive(String queue, int count, Duration timeout) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    List<ReceivedMessage> messages = new ArrayList<>();
    while (true) {
      boolean last = isOver(deadline);
      List<ReceivedMessage> more = take(queue, count - messages.size());
      if (more != null) {
        messages.addAll(more);
      }
      if (messages.size() >= count) {
        return messages;
      }
      if (last) {
        if (more == null) {
          throw noQueue(queue, " (waited for " + timeout + "; " + messages.size() + " received)");
        }
        return messages;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** An interrupt, whose flag stays, ends the waiting as well. */
  private static boolean isOver(long deadline) {
    return System.nanoTime() >= deadline || Thread.currentThread().isInterrupted();
  }

  @Override
  public synchronized List<ReceivedMessage> received(String queue) {
    if (take(queue, Integer.MAX_VALUE) == null) {
      throw noQueue(queue, "");
    }
    return List.copyOf(taken.getOrDefault(queue, List.of()));
  }

  /** The waiting messages, up to so many; null when there is no such queue. */
  private synchronized @Nullable List<ReceivedMessage> take(String queue, int count) {
    List<ReceivedMessage> messages =
        callUnlessMissing("receive from queue " + queue, channel -> take(channel, queue, count));
    if (messages != null) {
      taken.computeIfAbsent(queue, name -> new ArrayList<>()).addAll(messages);
    }
    return messages;
  }

  private static List<ReceivedMessage> take(Channel channel, String queue, int count)
      throws IOException {
    List<ReceivedMessage> messages = new ArrayList<>();
    // Checked first: the embedded broker closes the connection on a get from a missing queue.
    channel.queueDeclarePassive(queue);
    while (messages.size() < count) {
      GetResponse response = channel.basicGet(queue, true);
      if (response == null) {
        break;
      }
      messages.add(message(queue, response));
    }
    return messages;
  }

  private static ReceivedMessage message(String queue, GetResponse response) {
    BasicProperties properties = response.getProps();
    Integer deliveryMode = properties.getDeliveryMode();
    return new ReceivedMessage(
        queue,
        properties.getMessageId(),
        response.getBody(),
        properties.getContentType(),
        AmqpProperties.headersOf(properties),
        deliveryMode != null && deliveryMode == PERSISTENT,
        response.getEnvelope().isRedeliver(),
        response.getEnvelope().getExchange(),
        response.getEnvelope().getRoutingKey(),
        AmqpProperties.of(properties));
  }

  @Override
  public void send(Event event) {
    BasicProperties properties = AmqpProperties.of(event);
    awaitQueue(event.queue());
    boolean confirmed =
        connector.call(
            "send to queue " + event.queue(),
            channel -> {
              channel.confirmSelect();
              channel.basicPublish("", event.queue(), true, properties, event.body());
              return channel.waitForConfirms(CONFIRM_MILLIS);
            });
    if (!confirmed) {
      throw new IllegalStateException("the " + connector + " did not take " + event);
    }
  }

  /** The code under test may be about to declare it. */
  private void awaitQueue(String queue) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(sendPatience);
    while (true) {
      boolean last = isOver(deadline);
      if (hasQueue(queue)) {
        return;
      }
      if (last) {
        throw noQueue(queue, " (waited for " + sendPatience + ")");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  @Override
  public synchronized int purge(String queue) {
    requireDeclaredHere(queue);
    return connector.call(
        "purge queue " + queue, channel -> channel.queuePurge(queue).getMessageCount());
  }

  @Override
  public synchronized void delete(String queue) {
    requireDeclaredHere(queue);
    connector.call("delete queue " + queue, channel -> channel.queueDelete(queue));
    declared.remove(queue);
  }

  private void requireDeclaredHere(String queue) {
    if (!declared.contains(queue)) {
      throw new IllegalStateException(
          "queue "
              + queue
              + " was not declared by this test, which so must not empty or delete it");
    }
  }

  @Override
  public synchronized void reset() {
    taken.clear();
    declared.stream().filter(this::hasQueue).forEach(this::purge);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      List.copyOf(declared).stream().filter(this::hasQueue).forEach(this::delete);
    } finally {
      connector.close();
      afterClose.run();
    }
  }

  /** For example {@code embedded broker at 127.0.0.1:36241, virtual host test-1}. */
  @Override
  public String toString() {
    return connector.toString();
  }
}
