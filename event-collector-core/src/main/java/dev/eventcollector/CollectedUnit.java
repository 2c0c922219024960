package dev.eventcollector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The unit of work of a {@link PublishingEventCollector}. */
final class CollectedUnit implements UnitOfWork {

  /** Made by the first event on a thread without a unit, and ended by publish or clear. */
  final boolean implicit;

  final EventBuffer buffer;
  private final PublishingEventCollector collector;
  private @Nullable Object watch;

  CollectedUnit(PublishingEventCollector collector, EventBuffer buffer, boolean implicit) {
    this.collector = collector;
    this.buffer = buffer;
    this.implicit = implicit;
  }

  CollectedUnit watchedBy(AbandonedUnits abandonedUnits) {
    watch = abandonedUnits.watch(this);
    return this;
  }

  /** Ends the unit; what it had collected. */
  List<Event> end() {
    if (watch != null) {
      collector.abandonedUnits().unwatch(watch);
    }
    return buffer.end();
  }

  @Override
  public Binding bind() {
    if (buffer.hasEnded()) {
      throw new IllegalStateException("the unit of work has ended, so it cannot be bound");
    }
    return collector.bind(this);
  }

  @Override
  public List<Event> eventsToPublish() {
    return buffer.copy();
  }

  @Override
  public PublishReport publish() {
    return collector.dispatch(end());
  }

  @Override
  public int clear() {
    return collector.drop(end());
  }

  @Override
  public boolean hasEnded() {
    return buffer.hasEnded();
  }

  @Override
  public void close() {
    if (!buffer.hasEnded()) {
      clear();
    }
  }
}
