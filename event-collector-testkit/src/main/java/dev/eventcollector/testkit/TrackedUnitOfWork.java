package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.testkit.UnitTracker.Label;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A unit of work that tells the tracker to whom it is bound, and when that or itself ends. */
final class TrackedUnitOfWork implements UnitOfWork {

  private final UnitOfWork unit;
  private final UnitTracker tracker;
  private final Label label;

  TrackedUnitOfWork(UnitOfWork unit, UnitTracker tracker, Label label) {
    this.unit = unit;
    this.tracker = tracker;
    this.label = label;
  }

  @Override
  public Binding bind() {
    Binding binding = unit.bind();
    label.bindings().incrementAndGet();
    @Nullable Label before = tracker.enter(label);
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      binding.close();
      if (open.getAndSet(false)) {
        tracker.restore(before);
        label.bindings().decrementAndGet();
        tracker.noteEnd(label);
      }
    };
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
      tracker.noteEnd(label);
    }
  }

  @Override
  public int clear() {
    int cleared = unit.clear();
    tracker.noteEnd(label);
    return cleared;
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
    tracker.noteEnd(label);
  }
}
