package dev.eventcollector.examples.jshell;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares, durable, each queue that it has not seen before and that does not exist. At a prompt a
 * queue's name is whatever one types; a service would rather learn of a mistyped one.
 */
final class QueueDeclaringPublisher implements EventPublisher {

  private static final Logger LOGGER = LoggerFactory.getLogger(QueueDeclaringPublisher.class);
  private static final int LONGEST_STEP_MILLIS = 3_000; // of the 5 s that publishing may take

  private final EventPublisher publisher;
  private final List<String> uris;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  QueueDeclaringPublisher(EventPublisher publisher, List<String> uris) {
    this.publisher = publisher;
    this.uris = uris;
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    chunk.stream()
        .map(Event::queue)
        .distinct()
        .filter(q -> !known.contains(q))
        .forEach(this::ensure);
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    List<Outcome> outcomes = publisher.publish(chunk, left);
    for (int i = 0; i < chunk.size(); i++) {
      if (!outcomes.get(i).isConfirmed()) {
        known.remove(chunk.get(i).queue()); // somebody may have deleted it
      }
    }
    return outcomes;
  }

  /** When it does not succeed, publishing will tell what is the matter. */
  private void ensure(String queue) {
    for (String uri : uris) {
      try (Connection connection = connect(uri)) {
        if (!exists(connection, queue)) {
          connection.createChannel().queueDeclare(queue, true, false, false, null);
        }
        known.add(queue);
        return;
      } catch (IOException | TimeoutException | ShutdownSignalException e) {
        LOGGER.debug("queue {} was not declared", queue, e);
      }
    }
  }

  private static Connection connect(String uri) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(uri);
    } catch (URISyntaxException | GeneralSecurityException e) {
      throw new IOException("not an AMQP URI", e);
    }
    factory.setAutomaticRecoveryEnabled(false);
    factory.setConnectionTimeout(LONGEST_STEP_MILLIS);
    factory.setHandshakeTimeout(LONGEST_STEP_MILLIS);
    factory.setChannelRpcTimeout(LONGEST_STEP_MILLIS);
    factory.setShutdownTimeout(LONGEST_STEP_MILLIS);
    return factory.newConnection(
        new Address[] {new Address(factory.getHost(), factory.getPort())}, "jshell queues");
  }

  private static boolean exists(Connection connection, String queue) throws IOException {
    Channel channel = connection.createChannel();
    try {
      channel.queueDeclarePassive(queue);
      return true;
    } catch (IOException e) {
      if (e.getCause() instanceof ShutdownSignalException signal
          && signal.getReason() instanceof AMQP.Channel.Close close
          && close.getReplyCode() == AMQP.NOT_FOUND) {
        return false; // the broker has closed the channel
      }
      throw e;
    }
  }

  @Override
  public void validate(Event event) {
    publisher.validate(event);
  }

  @Override
  public void close() {
    publisher.close();
  }
}
