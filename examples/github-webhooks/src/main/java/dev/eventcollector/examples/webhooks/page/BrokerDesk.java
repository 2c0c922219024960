package dev.eventcollector.examples.webhooks.page;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.SocketConfigurators;
import dev.eventcollector.examples.support.settings.BrokerUris;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker on behalf of people: one question at a time, on a thread and a connection of its
 * own, so that nothing that somebody looks at is in the way of a delivery. A connection is made
 * when it is needed, and dropped when a question takes too long.
 */
final class BrokerDesk implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(BrokerDesk.class);
  private static final int MAX_WAITING = 16;
  private static final int CONNECT_MILLIS = 2_000;
  private static final int HEARTBEAT_SECONDS = 10;

  private final BrokerUris uris;
  private final Duration patience;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(MAX_WAITING),
          task -> {
            Thread made = new Thread(task, "page-broker-desk");
            made.setDaemon(true);
            return made;
          });
  private volatile @Nullable Socket socket;
  private @Nullable Connection connection; // used by the thread alone

  /** Something to find out or to do, on a channel that is closed afterwards. */
  @FunctionalInterface
  interface Question<T> {
    T ask(Channel channel) throws IOException;
  }

  /** The patience is for one question, with all that were asked before it. */
  BrokerDesk(BrokerUris uris, Duration patience) {
    this.uris = uris;
    this.patience = patience;
  }

  /**
   * Waits for the answer.
   *
   * @throws IOException when the broker gives none in time, or cannot be reached
   */
  <T> T ask(Question<T> question) throws IOException {
    Future<T> answer = submit(question);
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      hangUp(); // which frees the thread, whatever it was waiting for
      throw new IOException("the broker did not answer within " + patience, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the broker", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }

  /** Does not wait. What it is asked must tell by itself what came out. */
  <T> Future<T> submit(Question<T> question) throws IOException {
    try {
      return thread.submit(() -> answer(question));
    } catch (RejectedExecutionException e) {
      throw new IOException("too much is being asked of the broker at the moment", e);
    }
  }

  private <T> T answer(Question<T> question) throws IOException {
    try {
      Channel channel = connected().createChannel();
      if (channel == null) {
        throw new IOException("the broker has no channel left for this connection");
      }
      try {
        return question.ask(channel);
      } finally {
        channel.abort(); // gives back what was looked at and not acknowledged
      }
    } catch (ShutdownSignalException e) {
      throw new IOException("the broker has closed the connection: " + e.getMessage(), e);
    }
  }

  private Connection connected() throws IOException {
    Connection open = connection;
    if (open != null && open.isOpen()) {
      return open;
    }
    IOException reason = new IOException("there is no broker");
    for (String uri : uris.list()) {
      try {
        Connection made = factory(uri).newConnection("github-webhooks page");
        connection = made;
        return made;
      } catch (IOException | TimeoutException e) {
        reason = new IOException("the broker cannot be reached: " + e, e);
      }
    }
    throw reason;
  }

  private ConnectionFactory factory(String uri) {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(uri);
      if ("amqps".equalsIgnoreCase(new URI(uri).getScheme())) {
        factory.useSslProtocol(SSLContext.getDefault()); // setUri's own context trusts anybody
        factory.enableHostnameVerification();
      }
    } catch (URISyntaxException | GeneralSecurityException e) {
      throw new IllegalStateException("a broker URI is not valid"); // BrokerUris has checked it
    }
    factory.setAutomaticRecoveryEnabled(false);
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(CONNECT_MILLIS);
    factory.setChannelRpcTimeout((int) patience.toMillis());
    factory.setShutdownTimeout(CONNECT_MILLIS);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setSocketConfigurator(
        SocketConfigurators.defaultConfigurator().andThen(made -> socket = made));
    return factory;
  }

  private void hangUp() {
    Socket open = socket;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOGGER.debug("it was closed already", e);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    hangUp();
  }
}
