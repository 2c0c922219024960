package dev.eventcollector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers as it is told to, and keeps what was delivered. */
final class FakePublisher implements EventPublisher {

  /** The answer to each event of a chunk. */
  volatile Function<Event, Outcome> answer = event -> Outcome.confirmed();

  volatile Runnable before = () -> {};
  final List<Event> delivered = new CopyOnWriteArrayList<>();
  final List<List<Event>> chunks = new CopyOnWriteArrayList<>();
  final List<String> threads = new CopyOnWriteArrayList<>();
  volatile boolean closed;
  volatile @Nullable String blockedReason;

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    chunks.add(List.copyOf(chunk));
    threads.add(Thread.currentThread().getName());
    before.run();
    Function<Event, Outcome> answers = answer; // the same for all, or it comes up within a chunk
    List<Outcome> outcomes = new ArrayList<>();
    for (Event event : chunk) {
      Outcome outcome = answers.apply(event);
      if (outcome.isConfirmed()) {
        delivered.add(event);
      }
      outcomes.add(outcome);
    }
    return outcomes;
  }

  @Override
  public @Nullable String blockedReason() {
    return blockedReason;
  }

  void down() {
    answer = event -> Outcome.notSent("down");
  }

  void up() {
    answer = event -> Outcome.confirmed();
  }

  List<String> deliveredBodies() {
    return delivered.stream().map(Event::bodyAsText).toList();
  }

  @Override
  public void close() {
    closed = true;
  }
}
