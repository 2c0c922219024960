package dev.eventcollector;

import java.util.List;
import java.util.Optional;

/** Stands for whatever collector is installed for the calling thread at the time of each call. */
enum ThreadSingletonEventCollector implements EventCollector {
  INSTANCE;

  @Override
  public String enqueueEvent(Object payload, String queue, EventOptions options) {
    return EventCollectors.current().enqueueEvent(payload, queue, options);
  }

  @Override
  public List<Event> eventsToPublish() {
    return EventCollectors.current().eventsToPublish();
  }

  @Override
  public PublishReport publish() {
    return EventCollectors.current().publish();
  }

  @Override
  public int clearEventsToPublish() {
    return EventCollectors.current().clearEventsToPublish();
  }

  @Override
  public int withdraw(PublishReport report) {
    return EventCollectors.current().withdraw(report);
  }

  @Override
  public <T, X extends Exception> T callInUnitOfWork(Work<T, X> work) throws X {
    return EventCollectors.current().callInUnitOfWork(work);
  }

  @Override
  public UnitOfWork newUnitOfWork() {
    return EventCollectors.withReplacementOfThisThread(EventCollectors.current().newUnitOfWork());
  }

  @Override
  public Optional<UnitOfWork> currentUnitOfWork() {
    return EventCollectors.current()
        .currentUnitOfWork()
        .map(EventCollectors::withReplacementOfThisThread);
  }

  @Override
  public <T, X extends Exception> Work<T, X> inThisUnitOfWork(Work<T, X> work) {
    return EventCollectors.withReplacementOfThisThread(
        EventCollectors.current().inThisUnitOfWork(work));
  }

  @Override
  public String toString() {
    return "the thread's event collector";
  }
}
