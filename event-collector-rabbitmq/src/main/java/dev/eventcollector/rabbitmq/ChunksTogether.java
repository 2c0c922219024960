package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Small chunks for one queue that are published in one turn, as one chunk. */
final class ChunksTogether {

  private final List<WaitingChunk> chunks;

  ChunksTogether(List<WaitingChunk> chunks) {
    this.chunks = chunks;
  }

  /** The messages of all. */
  Chunk asOne() {
    int size = chunks.stream().mapToInt(WaitingChunk::events).sum();
    Chunk[] chunkAt = new Chunk[size];
    int[] indexAt = new int[size];
    int at = 0;
    for (WaitingChunk one : chunks) {
      for (int i = 0; i < one.events(); i++) {
        chunkAt[at] = one.chunk;
        indexAt[at++] = i;
      }
    }
    return Chunk.of(chunkAt, indexAt);
  }

  @Nullable String queue() {
    return chunks.get(0).queue();
  }

  /** The earliest of all. */
  long latestStart() {
    return earliest(one -> one.latestStart);
  }

  /** The earliest of all. */
  long deadline() {
    return earliest(one -> one.deadline);
  }

  /** By difference, as {@link System#nanoTime} may overflow. */
  private long earliest(ToLongFunction<WaitingChunk> time) {
    return chunks.stream()
        .mapToLong(time)
        .reduce((one, other) -> one - other < 0 ? one : other)
        .orElseThrow();
  }

  /** Gives each chunk its part of the outcomes, which are fewer than messages if not all went. */
  void published(Published all) {
    List<Outcome> outcomes = all.outcomes();
    int first = 0;
    for (WaitingChunk one : chunks) {
      int last = Math.min(first + one.events(), outcomes.size());
      List<Outcome> part = new ArrayList<>(outcomes.subList(Math.min(first, last), last));
      one.publishedTogether(new Published(part, all.shutdown(), true, all.nothingBecause()));
      first += one.events();
    }
  }

  void failed(Throwable failure) {
    chunks.forEach(one -> one.failed(failure));
  }

  /** From the last to the first. */
  void inReverse(Consumer<WaitingChunk> each) {
    for (int i = chunks.size() - 1; i >= 0; i--) {
      each.accept(chunks.get(i));
    }
  }
}
