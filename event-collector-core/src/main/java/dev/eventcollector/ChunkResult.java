package dev.eventcollector;

/** What became of the events of a chunk. */
interface ChunkResult {

  /** As far as it is known now, for some of the events. */
  PublishReport report(int from, int to);
}
