package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.impl.AMQConnection;

/** A connection, the socket under it, and where it leads. */
record OpenConnection(AMQConnection connection, BrokerSocket socket, String address) {

  /**
   * Says goodbye if the broker answers in time, and closes the socket in any case.
   *
   * <p>The client bounds how long it waits for the answer, but not how long it takes to write, so
   * the goodbye has a thread of its own (trap 8).
   */
  void close(int timeoutMillis) {
    Thread goodbye =
        DaemonThreads.named("event-collector-rabbitmq-close")
            .newThread(() -> connection.abort(timeoutMillis));
    goodbye.start();
    try {
      goodbye.join(timeoutMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socket.tearDown();
    }
  }
}
