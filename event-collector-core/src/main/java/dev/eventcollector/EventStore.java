package dev.eventcollector;

import java.time.Duration;
import java.util.List;

/**
 * Stores the events of a unit of work together with its data, so that a crash loses neither alone:
 * the SPI for outboxes, besides {@link EventPublisher}. {@code JdbcOutbox} is the implementation
 * for databases.
 *
 * <p>A unit's events are inserted ({@link UnitOfWork#store}), its transaction ends, and the end of
 * the unit reports the result to the store ({@link StoredUnit}). After a commit the store publishes
 * the events by {@link Host#attempt}. It forgets each event once the broker has confirmed it or it
 * is given up. One store belongs to one collector.
 *
 * <p>Implementations must be safe for use by many threads.
 */
public interface EventStore {

  /**
   * Begins to publish. Called once, when the collector is built.
   *
   * @throws IllegalStateException when the store belongs to another collector
   */
  void start(Host host);

  /**
   * Checks, while an event is being enqueued, that it can be stored.
   *
   * @throws InvalidEventException when it never can; the message names the problem and its reason
   */
  default void validate(Event event) {}

  /**
   * Stores events that were collected outside of any user transaction. The store uses its own
   * transaction, which has ended when this returns.
   *
   * @return the unit that receives the commit
   * @throws EventCollectorException when they are not stored; the collector then keeps them in
   *     memory
   */
  StoredUnit storeApart(List<Event> events);

  /**
   * Publishes until nothing is left or the timeout has passed, then ends. Remaining events stay
   * stored, for others to publish.
   */
  void close(Duration drainTimeout);

  /** Inserts events in the transaction of the unit that they belong to. */
  @FunctionalInterface
  interface Storing<X extends Exception> {
    /** Inserts them, in this order. */
    StoredUnit store(List<Event> events) throws X;
  }

  /** Events that are in a transaction. Each unit ends once; further calls do nothing. */
  interface StoredUnit {

    /** The progress of the events when {@link #committed} returns. */
    enum Progress {
      /** The broker has all of them. */
      CONFIRMED,
      /** They are stored, and will be published. */
      STORED,
      /** The store is finding out whether they are stored. */
      IN_DOUBT
    }

    /** The transaction was committed: the events are published now. */
    Progress committed();

    /** The transaction was rolled back, and the events with it. */
    void rolledBack();

    /** The result of the transaction is unknown; the store finds out. */
    void inDoubt();
  }

  /** The collector, as a store sees it. Safe for use by many threads. */
  interface Host {

    /** The collector's units. */
    UnitsOfWork unitsOfWork();

    /**
     * For work that is not done again once it is committed: until the result is closed, the calling
     * thread enqueues into this collector only. Another one throws {@link IllegalStateException},
     * since its events would not be stored with the work.
     */
    UnitOfWork.Binding enqueueHereOnly();

    /** The longest time that an attempt to publish takes. */
    Duration publishTimeout();

    /** The number of refusals by the broker after which to give up an event. */
    int maxAttempts();

    /** The delay before the next attempt, after this many consecutive failures. */
    Duration retryDelay(int failures);

    /** A daemon thread, not started, that keeps nothing of the calling thread alive. */
    Thread thread(Runnable work, String name);

    /**
     * Hands events to the publisher, once, in this order.
     *
     * @return an outcome for each, in the same order, even if the publisher fails
     */
    List<Outcome> attempt(List<Event> events);

    /** Records stored events that the broker has confirmed. */
    void confirmed(int events);

    /** Records events that others stored and that this collector owns from now on. */
    void takenOver(int events);

    /** Records stored events that were rolled back. */
    void rolledBack(List<Event> events);

    /** Publishes, from memory, events that should be stored but turned out not to be. */
    void notStored(List<Event> events);

    /** An event was given up; the store keeps it aside. */
    void undeliverable(UndeliverableEvent event);

    /** Publishing fails, and will be retried. */
    void unavailable(String reason);

    /** Publishing works again. */
    void available(Duration unavailableFor);
  }
}
