package dev.eventcollector.outbox;

import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitOfWorkListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps events of open transactions from being published: the rollback may still come. */
final class OpenTransactions implements UnitOfWorkListener {

  private final Set<UnitOfWork> open = ConcurrentHashMap.newKeySet();

  void add(UnitOfWork unit) {
    open.add(unit);
  }

  void remove(UnitOfWork unit) {
    open.remove(unit);
  }

  @Override
  public void beforePublish(UnitOfWork unit) {
    if (open.contains(unit)) {
      throw new IllegalStateException(
          "publish() inside of inTransaction: its events are published after the commit. For"
              + " events that must not wait, use a unit of their own: begin one with"
              + " unitsOfWork().begin(), bind it, enqueue, and publish it");
    }
  }
}
