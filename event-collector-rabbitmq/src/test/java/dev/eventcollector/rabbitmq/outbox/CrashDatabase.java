package dev.eventcollector.rabbitmq.outbox;

import java.io.IOException;

/** A private database server, which keeps its port and its data when it is killed. */
interface CrashDatabase extends AutoCloseable {

  /** Starts it, and waits until it takes connections. */
  void start() throws Exception;

  /** As kill -9, for all of its processes. */
  void kill() throws Exception;

  int port();

  /** The JDBC URL of its database, at another port where something stands in between. */
  String url(int port);

  String user();

  @Override
  void close() throws IOException;
}
