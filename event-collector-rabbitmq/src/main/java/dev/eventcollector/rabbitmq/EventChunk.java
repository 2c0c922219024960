package dev.eventcollector.rabbitmq;

import dev.eventcollector.Event;
import java.util.List;

/** The events of a unit of work, for one exchange. */
record EventChunk(List<Event> events, String exchange) implements Chunk {

  @Override
  public int size() {
    return events.size();
  }

  @Override
  public void addTo(PublishFrames frames, int index) {
    frames.add(exchange, events.get(index));
  }

  @Override
  public String id(int index) {
    return events.get(index).id();
  }

  @Override
  public String queue(int index) {
    return events.get(index).queue();
  }
}
