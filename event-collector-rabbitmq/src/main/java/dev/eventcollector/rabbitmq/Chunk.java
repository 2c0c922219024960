package dev.eventcollector.rabbitmq;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Messages that are published together, in order, each with an outcome of its own. */
interface Chunk {

  int size();

  /** The estimated size in memory, in bytes. A chunk of unknown size counts as large. */
  default long bytes() {
    return Long.MAX_VALUE;
  }

  /**
   * Adds the frames of one message.
   *
   * @throws IllegalArgumentException when AMQP cannot carry the message; then nothing was added
   */
  void addTo(PublishFrames frames, int index);

  /** The message id, by which a returned message is recognized. */
  @Nullable String id(int index);

  /** The exchange; empty for the default one. */
  String exchange(int index);

  /** The routing key, which on the default exchange is the queue's name. */
  String routingKey(int index);

  /** Whether it is an error when no queue takes the message. */
  boolean isMandatory(int index);

  /** Exchange and routing key, in words. Messages for the same one succeed or fail alike. */
  default String destination(int index) {
    String exchange = exchange(index);
    return exchange.isEmpty()
        ? "queue " + routingKey(index)
        : "exchange " + exchange + " with routing key " + routingKey(index);
  }

  /** The messages from the given index on. */
  default Chunk from(int first) {
    return select(IntStream.range(first, size()).toArray());
  }

  /** Some messages of this chunk, in the order of the given indexes. */
  default Chunk select(int[] indexes) {
    Chunk[] chunks = new Chunk[indexes.length];
    Arrays.fill(chunks, this);
    return of(chunks, indexes);
  }

  /** The messages of chunks: of each chunk the one with the index at the same place. */
  static Chunk of(Chunk[] chunks, int[] indexes) {
    return new Chunk() {
      @Override
      public int size() {
        return indexes.length;
      }

      @Override
      public void addTo(PublishFrames frames, int index) {
        chunks[index].addTo(frames, indexes[index]);
      }

      @Override
      public @Nullable String id(int index) {
        return chunks[index].id(indexes[index]);
      }

      @Override
      public String exchange(int index) {
        return chunks[index].exchange(indexes[index]);
      }

      @Override
      public String routingKey(int index) {
        return chunks[index].routingKey(indexes[index]);
      }

      @Override
      public boolean isMandatory(int index) {
        return chunks[index].isMandatory(indexes[index]);
      }
    };
  }
}
