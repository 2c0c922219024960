package dev.eventcollector.rabbitmq.outbox;

import java.io.IOException;
import java.util.Locale;

/** A private database server, which keeps its port and its data when it is killed. */
abstract class CrashDatabase implements AutoCloseable {

  private final String user;
  private final String url;

  /**
   * Starts nothing yet.
   *
   * @param url its JDBC URL, with %d for the port
   */
  CrashDatabase(String user, String url) {
    this.user = user;
    this.url = url;
  }

  /** Starts it, and waits until it takes connections. */
  abstract void start() throws Exception;

  /** As kill -9, for all of its processes. */
  abstract void kill() throws Exception;

  abstract int port();

  /** The JDBC URL of its database, at another port where something stands in between. */
  final String url(int atPort) {
    return String.format(Locale.ROOT, url, atPort);
  }

  final String user() {
    return user;
  }

  @Override
  public abstract void close() throws IOException;
}
