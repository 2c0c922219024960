package dev.eventcollector;

/** Delegates each call to the collector installed for the calling thread at that time. */
enum ThreadSingletonEventCollector implements EventCollector {
  INSTANCE;

  @Override
  public String enqueueEvent(Object payload, String queue, EventOptions options) {
    return EventCollectors.current().enqueueEvent(payload, queue, options);
  }

  @Override
  public UnitsOfWork unitsOfWork() {
    return EventCollectors.current().unitsOfWork();
  }

  @Override
  public String toString() {
    return "the thread's event collector";
  }
}
