package dev.eventcollector.testkit.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One connection, made when it is needed, and made anew when the broker has gone meanwhile. */
final class AmqpConnector implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 10_000;

  private final ConnectionFactory factory = new ConnectionFactory();
  private final String description;
  private @Nullable Connection connection;

  AmqpConnector(String name, String uri) {
    try {
      URI parsed = new URI(uri);
      if (parsed.getHost() == null) { // for the client it would be localhost then
        throw new IllegalArgumentException("no host, or one that is none to java.net.URI");
      }
      factory.setUri(parsed);
    } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
      // The message of a URISyntaxException repeats the URI, and with it the password.
      throw new IllegalArgumentException("the URI of the " + name + " is not valid");
    }
    factory.setAutomaticRecoveryEnabled(false);
    factory.setConnectionTimeout(TIMEOUT_MILLIS);
    factory.setHandshakeTimeout(TIMEOUT_MILLIS);
    factory.setChannelRpcTimeout(TIMEOUT_MILLIS);
    factory.setExceptionHandler(new Silent());
    description =
        String.format(
            Locale.ROOT,
            "%s at %s:%d, virtual host %s",
            name,
            factory.getHost(),
            factory.getPort(),
            factory.getVirtualHost());
  }

  /** Something that is done on a channel. */
  @FunctionalInterface
  interface Action<T> {
    T on(Channel channel) throws IOException, TimeoutException, InterruptedException;
  }

  /**
   * Does something on a channel of its own.
   *
   * @throws IllegalStateException when the broker closes the channel for it
   * @throws UncheckedIOException when the broker cannot be reached
   */
  synchronized <T> T call(String what, Action<T> action) {
    try {
      Channel channel = connected().createChannel();
      try {
        return action.on(channel);
      } finally {
        channel.abort();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted, so cannot " + what);
    } catch (IOException | TimeoutException | AlreadyClosedException e) {
      throw failure("cannot " + what + " on " + description, e);
    }
  }

  private static RuntimeException failure(String message, Exception e) {
    if (e.getCause() instanceof ShutdownSignalException closed && isAnswer(closed.getReason())) {
      return new IllegalStateException(message + ": " + closed.getMessage(), e);
    }
    IOException cause = e instanceof IOException io ? io : new IOException(e.toString(), e);
    return new UncheckedIOException(message + ": " + e, cause);
  }

  /** Whether the broker closed channel or connection because of what it was asked. */
  private static boolean isAnswer(@Nullable Object reason) {
    return reason instanceof AMQP.Channel.Close
        || reason instanceof AMQP.Connection.Close close
            && close.getReplyCode() != AMQP.CONNECTION_FORCED;
  }

  private Connection connected() throws IOException, TimeoutException {
    if (connection == null || !connection.isOpen()) {
      connection = factory.newConnection("event-collector-testkit");
    }
    return connection;
  }

  /** Connects; the product and version of the broker. */
  String product() {
    Map<String, Object> properties =
        call("connect", channel -> channel.getConnection().getServerProperties());
    return properties.get("product") + " " + properties.get("version");
  }

  @Override
  public synchronized void close() {
    if (connection != null) {
      connection.abort(TIMEOUT_MILLIS);
      connection = null;
    }
  }

  /** Where it connects to, without user and password. */
  @Override
  public String toString() {
    return description;
  }

  /** Logs nothing: faults are thrown anyway, and a test that stops its broker expects them. */
  private static final class Silent extends DefaultExceptionHandler {
    @Override
    public void handleUnexpectedConnectionDriverException(Connection broken, Throwable cause) {}
  }
}
