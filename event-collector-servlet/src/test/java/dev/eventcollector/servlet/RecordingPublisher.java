package dev.eventcollector.servlet;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers the chunks that it confirmed, and confirms as long as it is not told otherwise. */
final class RecordingPublisher implements EventPublisher {

  private final List<List<String>> chunks = new CopyOnWriteArrayList<>();
  private volatile Outcome outcome = Outcome.confirmed();

  void answerWith(Outcome value) {
    outcome = value;
  }

  /** The payloads of what was confirmed, chunk by chunk. */
  List<List<String>> chunks() {
    return chunks;
  }

  /** The payloads of what was confirmed. */
  List<String> published() {
    return chunks.stream().flatMap(List::stream).toList();
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    Outcome answer = outcome;
    if (answer.isConfirmed()) {
      chunks.add(chunk.stream().map(Event::bodyAsText).toList());
    }
    return Collections.nCopies(chunk.size(), answer);
  }
}
