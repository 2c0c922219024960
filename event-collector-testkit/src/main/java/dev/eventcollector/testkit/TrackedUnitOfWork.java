package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.testkit.UnitTracker.Label;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A unit of work that tells the tracker when it has ended and its last binding is closed. */
final class TrackedUnitOfWork implements UnitOfWork {

  private final UnitOfWork unit;
  private final UnitTracker tracker;
  private final Label label;
  private final AtomicInteger bindings = new AtomicInteger();

  TrackedUnitOfWork(UnitOfWork unit, UnitTracker tracker, Label label) {
    this.unit = unit;
    this.tracker = tracker;
    this.label = label;
  }

  @Override
  public Binding bind() {
    Binding binding = unit.bind();
    bindings.incrementAndGet();
    @Nullable Label before = tracker.enter(label);
    return () -> {
      binding.close();
      tracker.restore(before);
      bindings.decrementAndGet();
      noteEnd();
    };
  }

  private void noteEnd() {
    if (unit.hasEnded() && bindings.get() <= 0) {
      tracker.ended(label);
    }
  }

  @Override
  public List<Event> eventsToPublish() {
    return unit.eventsToPublish();
  }

  @Override
  public PublishReport publish() {
    try {
      return unit.publish();
    } finally {
      noteEnd();
    }
  }

  @Override
  public int clear() {
    int cleared = unit.clear();
    noteEnd();
    return cleared;
  }

  @Override
  public boolean hasEnded() {
    return unit.hasEnded();
  }

  @Override
  public void close() {
    unit.close();
    noteEnd();
  }
}
