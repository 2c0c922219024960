package dev.eventcollector.benchmarks;

import java.util.List;

/**
 * A way to publish. All give the same guarantee: messages with an id, persistent and mandatory, and
 * {@link Session#publish} returns when each is known to be confirmed and not returned.
 */
interface Contestant extends AutoCloseable {

  /** The client of one thread. */
  Session session() throws Exception;

  @Override
  void close() throws Exception;

  /** Used by one thread. */
  interface Session extends AutoCloseable {

    /**
     * Publishes a chunk to the default exchange, to each queue in turn.
     *
     * @throws IllegalStateException when not all was confirmed
     */
    void publish(List<String> queues, byte[] body, int count) throws Exception;

    @Override
    default void close() throws Exception {}
  }
}
