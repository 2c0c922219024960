package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A transport that answers as it is told to, and keeps what was delivered. */
final class Broker implements EventPublisher {

  volatile Function<Event, Outcome> answer = event -> Outcome.confirmed();
  volatile Runnable before = () -> {};
  final List<Event> delivered = new CopyOnWriteArrayList<>();
  final AtomicInteger waiting = new AtomicInteger(); // chunks that have come, answered or not
  final List<Integer> chunks = new CopyOnWriteArrayList<>();
  final List<Duration> timeouts = new CopyOnWriteArrayList<>();

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    waiting.incrementAndGet();
    timeouts.add(timeout);
    before.run();
    Function<Event, Outcome> answers = answer; // the same for all, or it comes up within a chunk
    List<Outcome> outcomes = new ArrayList<>();
    List<Event> confirmed = new ArrayList<>();
    for (Event event : chunk) {
      Outcome outcome = answers.apply(event);
      if (outcome.isConfirmed()) {
        confirmed.add(event);
      }
      outcomes.add(outcome);
    }
    delivered.addAll(confirmed);
    chunks.add(chunk.size());
    return outcomes;
  }

  void down() {
    answer = event -> Outcome.notSent("down");
  }

  void up() {
    answer = event -> Outcome.confirmed();
  }

  List<String> bodies() {
    return delivered.stream().map(Event::bodyAsText).toList();
  }
}
