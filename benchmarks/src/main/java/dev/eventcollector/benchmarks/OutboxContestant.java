package dev.eventcollector.benchmarks;

/**
 * A way to commit an order together with its events, and to publish these to one queue, each known
 * to be confirmed. Their rows are deleted afterwards. Used by many threads.
 */
interface OutboxContestant extends AutoCloseable {

  /** One transaction with an order and so many events; returns when the caller may go on. */
  void placeOrder(int events) throws Exception;

  /** The number of events that are confirmed, since the start. */
  long confirmed();

  /** The table of its events, which is empty in the end. */
  String table();

  @Override
  void close() throws Exception;
}
