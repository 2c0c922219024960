package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.DefaultCredentialsProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One broker that can be connected to. Its text form tells no credentials. */
final class BrokerAddress {

  private static final int MAX_PORT = 65_535;

  private static final String RULE =
      "must look like amqp://user:password@host:5672/vhost, or amqps:// for TLS";

  /** Containers often have an underscore in their name, in which java.net.URI finds no host. */
  private static final Pattern SERVER =
      Pattern.compile("((?:[^@]*@)?)([0-9A-Za-z._-]+)((?::\\d{1,5})?)");

  private final ConnectionFactory factory;
  private final @Nullable SSLSocketFactory tlsFactory;
  private final @Nullable Supplier<Credentials> credentials;
  private final String description;

  private BrokerAddress(
      ConnectionFactory factory,
      @Nullable SSLSocketFactory tls,
      @Nullable Supplier<Credentials> credentials) {
    this.factory = factory;
    this.credentials = credentials;
    this.tlsFactory = tls;
    this.description =
        String.format(
            Locale.ROOT,
            "%s://%s:%d",
            tls == null ? "amqp" : "amqps",
            factory.getHost(),
            factory.getPort());
  }

  /**
   * Reads an AMQP URI (RabbitMQ URI specification).
   *
   * @throws IllegalArgumentException says what is wrong, and nothing of the URI but host and port:
   *     whatever else there is may be a part of the password, if the URI was written badly
   */
  static BrokerAddress parse(String text, ConnectionSettings settings) {
    if (text.isBlank()) {
      throw wrong("it is empty (is the variable set that it comes from?)");
    }
    URI uri = uri(text);
    boolean tls = "amqps".equalsIgnoreCase(uri.getScheme());
    if (!tls && !"amqp".equalsIgnoreCase(uri.getScheme())) {
      throw wrong("its scheme is another one");
    }
    String host = uri.getHost();
    if (host == null) {
      String authority = Objects.requireNonNullElse(uri.getRawAuthority(), "");
      Matcher server = SERVER.matcher(authority);
      if (!server.matches()) {
        throw wrong("it has no valid host and port");
      }
      host = server.group(2);
      int start = text.indexOf("//") + 2; // the client reads the rest of it
      uri =
          uri(
              text.substring(0, start)
                  + server.replaceFirst("$1localhost$3")
                  + text.substring(start + authority.length()));
    }
    if (uri.getPort() != -1 && (uri.getPort() < 1 || uri.getPort() > MAX_PORT)) {
      throw wrong(
          String.format(
              Locale.ROOT, "its port must be from 1 to %d, but is %d", MAX_PORT, uri.getPort()));
    }
    if (uri.getRawFragment() != null
        || containsAt(uri.getRawPath())
        || containsAt(uri.getRawQuery())) {
      throw wrong("characters such as / ? # in user or password must be written as %2F %3F %23");
    }
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(uri);
      factory.setHost(host);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw wrong("its user, password, virtual host or query cannot be read");
    }
    settings.applyTo(factory);
    try {
      SSLContext context = settings.sslContext();
      if (tls && context == null) {
        context = SSLContext.getDefault();
      }
      return new BrokerAddress(
          factory,
          tls && context != null ? context.getSocketFactory() : null,
          settings.credentials());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("needs TLS, which is not available: " + e, e);
    }
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw wrong("it is no URI, from index " + e.getIndex() + " on");
    }
  }

  private static boolean containsAt(@Nullable String part) {
    return part != null && part.indexOf('@') >= 0;
  }

  private static IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(RULE + "; " + why);
  }

  String virtualHost() {
    return factory.getVirtualHost();
  }

  /**
   * Connects, which takes no longer than the timeout for each of its steps.
   *
   * @param cutsHeaders whether to cut headers that the client cannot read
   */
  OpenConnection connect(Duration timeout, String name, boolean cutsHeaders)
      throws IOException, TimeoutException {
    AtomicReference<@Nullable BrokerSocket> made = new AtomicReference<>();
    ConnectionFactory copy = factory.clone();
    int millis = Timeouts.millis(timeout);
    logInWith(copy);
    copy.setConnectionTimeout(millis);
    copy.setHandshakeTimeout(millis);
    copy.setSocketFactory(
        new SocketFactory() {
          @Override
          public Socket createSocket() {
            BrokerSocket socket = new BrokerSocket(tlsFactory, cutsHeaders);
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
    // The type that the client returns without automatic recovery.
    AMQConnection connection = (AMQConnection) copy.newConnection(name);
    return new OpenConnection(
        connection, Objects.requireNonNull(made.get(), "socket"), description);
  }

  private void logInWith(ConnectionFactory connection) throws IOException {
    if (credentials == null) {
      return;
    }
    Credentials now;
    try {
      now = Objects.requireNonNull(credentials.get(), "credentials");
    } catch (Throwable e) { // checked ones too, from other languages; its message may tell them
      throw new IOException("the supplier of credentials failed: " + e.getClass().getName());
    }
    connection.setCredentialsProvider(
        new DefaultCredentialsProvider(now.userName(), now.password()));
  }

  @Override
  public String toString() {
    return description;
  }
}
