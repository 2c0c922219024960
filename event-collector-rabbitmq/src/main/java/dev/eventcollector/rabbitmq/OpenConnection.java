package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.Connection;

/** A connection, the socket under it, and where it leads. */
record OpenConnection(Connection connection, BrokerSocket socket, String address) {

  /** Says goodbye if the broker answers in time, and closes the socket in any case. */
  void close(int timeoutMillis) {
    try {
      connection.abort(timeoutMillis);
    } finally {
      socket.tearDown();
    }
  }
}
