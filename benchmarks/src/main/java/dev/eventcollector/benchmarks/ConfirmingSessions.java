package dev.eventcollector.benchmarks;

import java.util.List;

/** The hand-written client for whoever publishes: a session for each thread. */
final class ConfirmingSessions {

  private static final List<String> QUEUES = List.of(OutboxPlace.QUEUE);

  private final ThreadLocal<Contestant.Session> sessions;

  ConfirmingSessions(Contestant client) {
    sessions =
        ThreadLocal.withInitial(
            () -> {
              try {
                return client.session();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  /** Publishes so many events with this body, and waits until all are confirmed. */
  void publish(byte[] body, int events) {
    try {
      sessions.get().publish(QUEUES, body, events);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
