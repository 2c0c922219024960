package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventStore;
import dev.eventcollector.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what is committed, straight from memory: a thread for each lane. */
final class Publishing {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);

  private final EventStore.Host host;
  private final Traffic traffic;
  private final Deletes deletes;
  private final List<Thread> threads = new ArrayList<>();

  Publishing(EventStore.Host host, Traffic traffic, Deletes deletes) {
    this.host = host;
    this.traffic = traffic;
    this.deletes = deletes;
  }

  void start(int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      int number = lane;
      Thread thread = host.thread(() -> run(number), "event-collector-outbox-" + (lane + 1));
      threads.add(thread);
      thread.start();
    }
  }

  private void run(int lane) {
    while (true) {
      try {
        List<OutboxUnit> units = traffic.take(lane);
        if (units == null) {
          return;
        }
        publish(lane, units);
        Thread.interrupted(); // a listener may have left the interrupt flag set
      } catch (InterruptedException e) {
        LOGGER.debug("Interrupted", e); // a listener left it set; the traffic tells when to stop
      } catch (RuntimeException | Error e) {
        LOGGER.error("A publisher of the outbox failed, and goes on", e);
      }
    }
  }

  private void publish(int lane, List<OutboxUnit> units) {
    List<Event> events = units.get(0).events;
    if (units.size() > 1) {
      events = new ArrayList<>();
      for (OutboxUnit unit : units) {
        events.addAll(unit.events);
      }
    }
    int incident = traffic.incident();
    List<Outcome> outcomes = attempt(events);
    deletes.add(traffic.settle(lane, units, outcomes, incident));
  }

  /** Whatever happens, the units have to leave their lane, or nothing behind them would. */
  private List<Outcome> attempt(List<Event> events) {
    try {
      return host.attempt(events);
    } catch (RuntimeException | Error e) {
      LOGGER.error("Publishing {} event(s) failed; they are tried again", events.size(), e);
      return Collections.nCopies(events.size(), Outcome.unknown(e.getClass().getName()));
    }
  }

  List<Thread> threads() {
    return threads;
  }
}
