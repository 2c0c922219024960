package dev.eventcollector.rabbitmq;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The turns to publish on a connection, each on a channel: so many at a time, first come, first
 * served. When {@value #USUAL} of them are in use, small chunks wait, and those for the same queue
 * get the next turn together: a broker that is busy gets more at once. Other chunks may have extra
 * turns.
 *
 * <p>Safe for use by many threads.
 */
final class Turns {

  /** The two kinds of turns. */
  enum Kind {
    USUAL,
    EXTRA
  }

  private static final int USUAL = 8;
  private static final int MOST_EVENTS = 64;
  private static final long MOST_BYTES = 256 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<WaitingChunk> waiting = new ArrayDeque<>(); // none could have its turn now
  private final int most;
  private final int mostUsual;
  private int usual;
  private int extra;

  Turns(int most) {
    this.most = most;
    this.mostUsual = Math.min(most, USUAL);
  }

  /** How many there are at a time. */
  int most(Kind kind) {
    return kind == Kind.USUAL ? mostUsual : most;
  }

  /** Takes one of the usual turns, if one is free. */
  boolean take() {
    lock.lock();
    try {
      return takeIfFree(Kind.USUAL);
    } finally {
      lock.unlock();
    }
  }

  private boolean takeIfFree(Kind kind) {
    if (usual + extra == most || kind == Kind.USUAL && usual == mostUsual) {
      return false;
    }
    if (kind == Kind.USUAL) {
      usual++;
    } else {
      extra++;
    }
    return true;
  }

  /** Gives the chunk a turn, now or when it is the first of those that wait for one. */
  void join(WaitingChunk chunk) {
    lock.lock();
    try {
      if (takeIfFree(chunk.turn())) {
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
   * @return chunks to be published together in a usual turn, which is to be ended afterwards; null
   *     when no such chunks wait
   */
  @Nullable ChunksTogether end(Kind kind) {
    lock.lock();
    try {
      free(kind);
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
      free(Kind.USUAL);
      giveToNext(false);
    } finally {
      lock.unlock();
    }
  }

  private void free(Kind kind) {
    if (kind == Kind.USUAL) {
      usual--;
    } else {
      extra--;
    }
  }

  private @Nullable ChunksTogether giveToNext(boolean together) {
    for (Iterator<WaitingChunk> all = waiting.iterator(); all.hasNext(); ) {
      WaitingChunk first = all.next();
      if (first.isGone()) {
        all.remove();
      } else if (!first.isLate() && takeIfFree(first.turn())) {
        all.remove();
        List<WaitingChunk> chunks = together ? withCompanions(first) : List.of(first);
        if (chunks.size() > 1) {
          return new ChunksTogether(chunks);
        }
        if (first.giveTurn()) {
          return null;
        }
        free(first.turn());
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
