package dev.eventcollector;

import java.time.Duration;
import java.util.List;

/**
 * Keeps the events of units of work where the work itself is kept, so that a crash loses neither
 * alone: the seam for outboxes, beside {@link EventPublisher}. {@code JdbcOutbox} is the
 * implementation for databases.
 *
 * <p>A unit goes through the store like this: its events are inserted ({@link UnitOfWork#store}),
 * its transaction ends, and the unit's own end tells the store how ({@link StoredUnit}). After a
 * commit the store publishes the events by {@link Host#attempt} until the broker has confirmed each
 * of them or it is given up, and then forgets it. One store belongs to one collector.
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
   * Checks, while it is being enqueued, that an event can be stored.
   *
   * @throws InvalidEventException when it never can; the message names what and why
   */
  default void validate(Event event) {}

  /**
   * Stores events that were collected outside of any transaction of the user, in one of the store's
   * own, which is over when this returns.
   *
   * @return to be told that it is committed
   * @throws EventCollectorException when they are not stored; the collector then keeps them in
   *     memory
   */
  StoredUnit storeApart(List<Event> events);

  /**
   * Goes on publishing until nothing is left to publish or the time is over, and ends. Events that
   * are left stay stored, for others to publish.
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

    /** How far the events have come when {@link #committed} returns. */
    enum Progress {
      /** The broker has all of them. */
      CONFIRMED,
      /** They are stored, and will be published. */
      STORED,
      /** Whether they are stored is being found out. */
      IN_DOUBT
    }

    /** The transaction was committed: the events are published now. */
    Progress committed();

    /** The transaction was rolled back, and the events with it. */
    void rolledBack();

    /** Nobody knows how the transaction has ended; the store finds out. */
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

    /** How long an attempt to publish takes at most. */
    Duration publishTimeout();

    /** After how many refusals by the broker an event is to be given up. */
    int maxAttempts();

    /** The delay before the next attempt, after so many failures in a row. */
    Duration retryDelay(int failures);

    /** A daemon thread that keeps nothing of the calling one alive; not started. */
    Thread thread(Runnable work, String name);

    /**
     * Hands events to the publisher, once, in this order.
     *
     * @return an outcome for each, in the same order, whatever the publisher does
     */
    List<Outcome> attempt(List<Event> events);

    /** Keeps the books: stored events that the broker has confirmed now. */
    void confirmed(int events);

    /**
     * Keeps the books: events that others had stored, and that are this collector's from now on.
     */
    void takenOver(int events);

    /** Keeps the books: stored events that were rolled back. */
    void rolledBack(List<Event> events);

    /** Publishes events from memory which turned out not to be stored, though they should be. */
    void notStored(List<Event> events);

    /** An event was given up, and is kept aside by the store. */
    void undeliverable(UndeliverableEvent event);

    /** Publishing fails, and is tried again after a while. */
    void unavailable(String reason);

    /** Publishing works again. */
    void available(Duration unavailableFor);
  }
}
