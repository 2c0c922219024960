package dev.eventcollector;

/** The fates of the events of a chunk. */
interface ChunkResult {

  /** Reports the fates of some of the events, as known now. */
  PublishReport report(int from, int to);
}
