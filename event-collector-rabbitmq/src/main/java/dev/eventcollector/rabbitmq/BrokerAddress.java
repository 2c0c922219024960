package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.AMQConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One broker that can be connected to. Its text form tells no credentials. */
final class BrokerAddress {

  private static final String RULE =
      "must look like amqp://user:password@host:5672/vhost, or amqps:// for TLS";

  private final ConnectionFactory factory;
  private final @Nullable SSLSocketFactory tlsFactory;
  private final String description;

  private BrokerAddress(ConnectionFactory factory, @Nullable SSLSocketFactory tls) {
    this.factory = factory;
    this.tlsFactory = tls;
    this.description =
        "%s://%s:%d/%s"
            .formatted(
                tls == null ? "amqp" : "amqps",
                factory.getHost(),
                factory.getPort(),
                factory.getVirtualHost().equals("/") ? "" : factory.getVirtualHost());
  }

  /**
   * Reads an AMQP URI (RabbitMQ URI specification).
   *
   * @throws IllegalArgumentException says what is wrong, and never the URI, which has a password
   */
  static BrokerAddress parse(String text, ConnectionSettings settings) {
    try {
      URI uri = new URI(text);
      boolean tls = "amqps".equalsIgnoreCase(uri.getScheme());
      if (!tls && !"amqp".equalsIgnoreCase(uri.getScheme())) {
        throw new IllegalArgumentException("uri " + RULE + "; its scheme is " + uri.getScheme());
      }
      if (uri.getHost() == null) {
        throw new IllegalArgumentException("uri " + RULE + "; it has no valid host");
      }
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(uri);
      settings.applyTo(factory);
      SSLContext context = settings.sslContext();
      if (tls && context == null) {
        context = SSLContext.getDefault();
      }
      return new BrokerAddress(factory, tls && context != null ? context.getSocketFactory() : null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "uri " + RULE + "; " + e.getReason() + " at index " + e.getIndex());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("TLS is not available: " + e.getMessage(), e);
    }
  }

  /** Connects, which takes no longer than the timeout for each of its steps. */
  OpenConnection connect(Duration timeout, String name) throws IOException, TimeoutException {
    AtomicReference<@Nullable BrokerSocket> made = new AtomicReference<>();
    ConnectionFactory copy = factory.clone();
    int millis = (int) Math.max(1, timeout.toMillis());
    copy.setConnectionTimeout(millis);
    copy.setHandshakeTimeout(millis);
    copy.setSocketFactory(
        new SocketFactory() {
          @Override
          public Socket createSocket() {
            BrokerSocket socket = new BrokerSocket(tlsFactory);
            made.set(socket);
            return socket;
          }

          @Override
          public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
          }
        });
    // What the client makes without automatic recovery.
    AMQConnection connection = (AMQConnection) copy.newConnection(name);
    return new OpenConnection(
        connection, Objects.requireNonNull(made.get(), "socket"), description);
  }

  @Override
  public String toString() {
    return description;
  }
}
