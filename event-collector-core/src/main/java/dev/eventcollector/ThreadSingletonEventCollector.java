package dev.eventcollector;

/** Stands for whatever collector is installed for the calling thread at the time of each call. */
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
