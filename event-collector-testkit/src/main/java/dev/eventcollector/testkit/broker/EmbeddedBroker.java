package dev.eventcollector.testkit.broker;

/**
 * An AMQP 0-9-1 broker in this JVM, for tests and demos: Apache Qpid Broker-J, on 127.0.0.1 only,
 * with user and password {@code guest}. Everything is kept in memory.
 *
 * <pre>{@code
 * try (EmbeddedBroker broker = EmbeddedBroker.start()) {
 *   connectionFactory.setUri(broker.uri());
 * }
 * }</pre>
 *
 * <p>It has publisher confirms and {@code basic.return}, but refuses RabbitMQ's own queue arguments
 * ({@code x-message-ttl} and such). It needs {@code qpid-broker-core}, {@code
 * qpid-broker-plugins-amqp-0-8-protocol} and {@code qpid-broker-plugins-memory-store}, which are
 * optional dependencies of the testkit. Starting takes a second or two.
 *
 * <p>Safe for use by many threads.
 */
public final class EmbeddedBroker implements AutoCloseable {

  static final String DEFAULT_VIRTUAL_HOST = "default";

  private final QpidBroker qpid;
  private int port;
  private boolean listening;
  private boolean closed;

  private EmbeddedBroker(int port) {
    QpidLoggers.quieten();
    qpid = new QpidBroker();
    try {
      qpid.addVirtualHost(DEFAULT_VIRTUAL_HOST);
      this.port = qpid.listen(port);
      listening = true;
    } finally {
      if (!listening) {
        qpid.close();
      }
    }
  }

  /** Starts a broker on a port that is free. */
  public static EmbeddedBroker start() {
    return start(0);
  }

  /**
   * Starts a broker on this port.
   *
   * @param port 0 for any that is free
   * @throws IllegalStateException when the port is taken
   */
  public static EmbeddedBroker start(int port) {
    return new EmbeddedBroker(port);
  }

  /** Where it listens, or, while it is stopped, will listen again. */
  public synchronized int port() {
    return port;
  }

  /** For example {@code amqp://guest:guest@127.0.0.1:36241}. */
  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port();
  }

  /**
   * Makes the broker go away, as one that is shut down: it closes every connection (reply code 320)
   * and listens no longer. Queues and messages are kept, as durable ones are by a broker on disk.
   * Does nothing when it is stopped.
   */
  public synchronized void stop() {
    if (listening) {
      listening = false;
      qpid.stopListening();
    }
  }

  /** Breaks every connection without a word, as a failing network does. It goes on listening. */
  public synchronized void dropConnections() {
    if (!closed) {
      qpid.dropConnections();
    }
  }

  /**
   * Listens again, on the same port. Does nothing unless it is stopped.
   *
   * @throws IllegalStateException when the broker is closed, or the port was taken meanwhile
   */
  public synchronized void restart() {
    if (closed) {
      throw new IllegalStateException("the embedded broker is closed; start another one");
    }
    if (!listening) {
      qpid.listen(port);
      listening = true;
    }
  }

  /** Adds an empty virtual host; its URI. */
  synchronized String addVirtualHost(String name) {
    qpid.addVirtualHost(name);
    return uri() + "/" + name;
  }

  /** Removes a virtual host and what is in it. */
  synchronized void removeVirtualHost(String name) {
    if (!closed) {
      qpid.removeVirtualHost(name);
    }
  }

  /** Ends the broker; what it held is gone. Closing again does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      listening = false;
      qpid.close();
    }
  }

  /** For example {@code embedded broker on port 36241}. */
  @Override
  public String toString() {
    return "embedded broker on port " + port();
  }
}
