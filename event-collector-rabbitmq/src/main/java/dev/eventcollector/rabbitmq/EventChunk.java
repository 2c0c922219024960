package dev.eventcollector.rabbitmq;

import dev.eventcollector.Event;
import dev.eventcollector.Exchange;
import java.util.List;

/** The events of a unit of work, and the exchange for those that name none. */
record EventChunk(List<Event> events, String exchange) implements Chunk {

  /** A copy: the chunk may still be on its way with others when its caller has the list again. */
  EventChunk {
    events = List.copyOf(events);
  }

  @Override
  public int size() {
    return events.size();
  }

  @Override
  public long bytes() {
    long bytes = 0;
    for (Event event : events) {
      bytes += event.sizeInMemory();
    }
    return bytes;
  }

  @Override
  public void addTo(PublishFrames frames, int index) {
    Event event = events.get(index);
    Exchange named = event.exchange();
    if (named == null) {
      frames.add(exchange, event);
    } else {
      frames.add(named.name(), named.mandatory(), event);
    }
  }

  @Override
  public String exchange(int index) {
    Exchange named = events.get(index).exchange();
    return named == null ? exchange : named.name();
  }

  @Override
  public boolean isMandatory(int index) {
    Exchange named = events.get(index).exchange();
    return named == null || named.mandatory();
  }

  @Override
  public String id(int index) {
    return events.get(index).id();
  }

  @Override
  public String routingKey(int index) {
    return events.get(index).queue();
  }
}
