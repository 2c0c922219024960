package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Small chunks that are published in one turn, and the outcomes of each. */
final class ChunksTogether implements Chunk {

  private final List<WaitingChunk> chunks;
  private final Chunk[] chunkAt;
  private final int[] indexAt;

  ChunksTogether(List<WaitingChunk> chunks) {
    this.chunks = chunks;
    int size = chunks.stream().mapToInt(WaitingChunk::events).sum();
    chunkAt = new Chunk[size];
    indexAt = new int[size];
    int at = 0;
    for (WaitingChunk one : chunks) {
      for (int i = 0; i < one.events(); i++) {
        chunkAt[at] = one.chunk;
        indexAt[at++] = i;
      }
    }
  }

  /** The earliest of all. */
  long latestStart() {
    return chunks.stream()
        .mapToLong(one -> one.latestStart)
        .reduce(ChunksTogether::sooner)
        .orElseThrow();
  }

  /** The earliest of all. */
  long deadline() {
    return chunks.stream()
        .mapToLong(one -> one.deadline)
        .reduce(ChunksTogether::sooner)
        .orElseThrow();
  }

  /** {@link System#nanoTime} may overflow. */
  private static long sooner(long one, long other) {
    return one - other < 0 ? one : other;
  }

  /** Gives each chunk its part. */
  void published(Published all) {
    List<Outcome> outcomes = all.outcomes();
    int first = 0;
    for (WaitingChunk one : chunks) {
      int last = Math.min(first + one.events(), outcomes.size());
      List<Outcome> part = new ArrayList<>(outcomes.subList(Math.min(first, last), last));
      one.publishedTogether(new Published(part, all.shutdown(), true));
      first += one.events();
    }
  }

  /** That of all. */
  @Nullable String queue() {
    return chunks.get(0).queue();
  }

  /** From the last to the first. */
  void inReverse(Consumer<WaitingChunk> each) {
    for (int i = chunks.size() - 1; i >= 0; i--) {
      each.accept(chunks.get(i));
    }
  }

  void failed(Throwable failure) {
    chunks.forEach(one -> one.failed(failure));
  }

  @Override
  public int size() {
    return chunkAt.length;
  }

  @Override
  public void addTo(PublishFrames frames, int index) {
    chunkAt[index].addTo(frames, indexAt[index]);
  }

  @Override
  public @Nullable String id(int index) {
    return chunkAt[index].id(indexAt[index]);
  }

  @Override
  public String exchange(int index) {
    return chunkAt[index].exchange(indexAt[index]);
  }

  @Override
  public String routingKey(int index) {
    return chunkAt[index].routingKey(indexAt[index]);
  }

  @Override
  public boolean isMandatory(int index) {
    return chunkAt[index].isMandatory(indexAt[index]);
  }
}
