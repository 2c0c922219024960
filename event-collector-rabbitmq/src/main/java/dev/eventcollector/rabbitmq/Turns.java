package dev.eventcollector.rabbitmq;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The turns to publish on a connection, each on a channel: so many at a time, first come, first
 * served. When a queue has {@value #MOST_OF_ONE} of them, small chunks for it wait, and get its
 * next turn together: a broker that is busy gets more at once, and a queue that does not confirm
 * leaves turns to others.
 *
 * <p>Safe for use by many threads.
 */
final class Turns {

  private static final int MOST_OF_ONE = 8;
  private static final int MOST_EVENTS = 64;
  private static final long MOST_BYTES = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<WaitingChunk> waiting = new ArrayDeque<>(); // none could have its turn now
  private final int most;
  private final Map<String, Integer> usedByQueue = new HashMap<>();
  private int used;

  Turns(int most) {
    this.most = most;
  }

  /** How many are taken. */
  int used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /** How many there are at a time, in words. */
  String most(@Nullable String queue) {
    return queue == null || most <= MOST_OF_ONE
        ? most + " are in use"
        : MOST_OF_ONE + " are in use for queue " + queue + ", or all " + most;
  }

  /**
   * Takes a turn, if one is free.
   *
   * @param queue that of a small chunk; null for one that does not go with others
   */
  boolean take(@Nullable String queue) {
    lock.lock();
    try {
      return takeIfFree(queue);
    } finally {
      lock.unlock();
    }
  }

  private boolean takeIfFree(@Nullable String queue) {
    if (used == most) {
      return false;
    }
    if (queue != null) {
      int usedByThis = usedByQueue.getOrDefault(queue, 0);
      if (usedByThis == MOST_OF_ONE) {
        return false;
      }
      usedByQueue.put(queue, usedByThis + 1);
    }
    used++;
    return true;
  }

  private void free(@Nullable String queue) {
    used--;
    if (queue != null) {
      usedByQueue.computeIfPresent(queue, (q, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Gives the chunk a turn, now or when it is the first of those that wait for one. */
  void join(WaitingChunk chunk) {
    lock.lock();
    try {
      if (takeIfFree(chunk.queue())) {
        chunk.giveTurn();
      } else {
        waiting.add(chunk);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a chunk; false when it has a turn, or goes with others, by now. */
  boolean leave(WaitingChunk chunk) {
    lock.lock();
    try {
      return waiting.remove(chunk);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a turn, which the first in line gets.
   *
   * @param queue with which it was taken, or that of the chunk that it was given to
   * @return chunks to be published together in a turn that is to be ended afterwards; null when no
   *     such chunks wait
   */
  @Nullable ChunksTogether end(@Nullable String queue) {
    lock.lock();
    try {
      free(queue);
      return giveToNext(true);
    } finally {
      lock.unlock();
    }
  }

  /**
   * For chunks that cannot be published together after all: ends their turn, which one of those
   * that wait gets, in its own thread. They wait again, as the first in line.
   */
  void apart(ChunksTogether together) {
    lock.lock();
    try {
      together.inReverse(waiting::addFirst);
      free(together.queue());
      giveToNext(false);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ChunksTogether giveToNext(boolean together) {
    for (Iterator<WaitingChunk> all = waiting.iterator(); all.hasNext(); ) {
      WaitingChunk first = all.next();
      if (first.isGone()) {
        all.remove();
      } else if (!first.isLate() && takeIfFree(first.queue())) {
        all.remove();
        List<WaitingChunk> chunks = together ? withCompanions(first) : List.of(first);
        if (chunks.size() > 1) {
          return new ChunksTogether(chunks);
        }
        if (first.giveTurn()) {
          return null;
        }
        free(first.queue());
      }
    }
    return null;
  }

  private List<WaitingChunk> withCompanions(WaitingChunk first) {
    List<WaitingChunk> together = new ArrayList<>();
    together.add(first);
    int events = first.events();
    long bytes = first.bytes();
    Iterator<WaitingChunk> others = waiting.iterator();
    while (events < MOST_EVENTS && others.hasNext()) {
      WaitingChunk other = others.next();
      if (other.canGoWith(first)
          && events + other.events() <= MOST_EVENTS
          && bytes + other.bytes() <= MOST_BYTES) {
        others.remove();
        together.add(other);
        events += other.events();
        bytes += other.bytes();
      }
    }
    return together;
  }
}
