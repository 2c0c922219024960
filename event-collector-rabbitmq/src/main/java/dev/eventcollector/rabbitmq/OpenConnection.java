package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.impl.AMQConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection, its socket, and the address of its broker. */
record OpenConnection(AMQConnection connection, BrokerSocket socket, String address) {

  private static final Logger LOGGER = LoggerFactory.getLogger(OpenConnection.class);

  /**
   * Closes the connection properly if the broker answers in time, and closes the socket in any
   * case.
   *
   * <p>The client bounds its wait for the answer but not its write, so the close has its own thread
   * (trap 8).
   */
  void close(int timeoutMillis) {
    Thread goodbye =
        DaemonThreads.named("event-collector-rabbitmq-close")
            .newThread(() -> connection.abort(timeoutMillis));
    try {
      goodbye.start();
      goodbye.join(timeoutMillis);
    } catch (OutOfMemoryError e) { // no thread can be created: it closes without a handshake
      LOGGER.debug("no thread to close {} with", address);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socket.tearDown();
    }
  }
}
