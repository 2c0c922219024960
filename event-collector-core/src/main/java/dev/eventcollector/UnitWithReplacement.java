package dev.eventcollector;

import dev.eventcollector.EventCollectors.Replacement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A unit that takes the replacement of a thread along to every thread that it is bound to. */
record UnitWithReplacement(UnitOfWork unit, EventCollector replacement) implements UnitOfWork {

  @Override
  public Binding bind() {
    Binding bound = unit.bind();
    Replacement replaced = EventCollectors.replaceOnThisThread(replacement);
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      bound.close(); // throws on another thread, where nothing is replaced
      if (open.getAndSet(false)) {
        replaced.close();
      }
    };
  }

  @Override
  public List<Event> eventsToPublish() {
    return unit.eventsToPublish();
  }

  @Override
  public PublishReport publish() {
    return unit.publish();
  }

  @Override
  public int clear() {
    return unit.clear();
  }

  @Override
  public boolean hasEnded() {
    return unit.hasEnded();
  }

  @Override
  public boolean isPublished() {
    return unit.isPublished();
  }

  @Override
  public void close() {
    unit.close();
  }
}
