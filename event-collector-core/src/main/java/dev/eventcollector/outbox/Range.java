package dev.eventcollector.outbox;

/** Rows of one owner with consecutive numbers, both ends included. */
record Range(long owner, long first, long last) {

  long size() {
    return last - first + 1;
  }
}
