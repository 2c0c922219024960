package dev.eventcollector.rabbitmq;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Messages that are published together, in order, each with an outcome of its own. */
interface Chunk {

  int size();

  /**
   * Adds the frames of one message.
   *
   * @throws IllegalArgumentException when AMQP cannot carry the message; then nothing was added
   */
  void addTo(PublishFrames frames, int index);

  /** The message id, by which a returned message is recognized. */
  @Nullable String id(int index);

  /** The routing key, which on the default exchange is the queue's name. */
  String queue(int index);

  /** The messages from the given index on. */
  default Chunk from(int first) {
    return select(IntStream.range(first, size()).toArray());
  }

  /** Some messages of this chunk, in the order of the given indexes. */
  default Chunk select(int[] indexes) {
    Chunk all = this;
    return new Chunk() {
      @Override
      public int size() {
        return indexes.length;
      }

      @Override
      public void addTo(PublishFrames frames, int index) {
        all.addTo(frames, indexes[index]);
      }

      @Override
      public @Nullable String id(int index) {
        return all.id(indexes[index]);
      }

      @Override
      public String queue(int index) {
        return all.queue(indexes[index]);
      }
    };
  }
}
