package dev.eventcollector.outbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of rows, owner by owner in the order in which these were first added. Neighbours become
 * one range, so that a million of them need no more room than one. Not safe for use by many
 * threads.
 */
final class RangeSet {

  private final Map<Long, TreeMap<Long, Long>> lastByFirst = new LinkedHashMap<>();
  private long size;

  boolean isEmpty() {
    return size == 0;
  }

  /** How many numbers there are. */
  long size() {
    return size;
  }

  /** How many numbers there are of an owner. */
  long sizeOf(long owner) {
    TreeMap<Long, Long> ranges = lastByFirst.get(owner);
    long sum = 0;
    if (ranges != null) {
      for (Map.Entry<Long, Long> range : ranges.entrySet()) {
        sum += range.getValue() - range.getKey() + 1;
      }
    }
    return sum;
  }

  /** Adds numbers, none of which is there yet. */
  void add(Range range) {
    TreeMap<Long, Long> ranges = lastByFirst.computeIfAbsent(range.owner(), o -> new TreeMap<>());
    long first = range.first();
    long last = range.last();
    Map.Entry<Long, Long> before = ranges.floorEntry(first);
    if (before != null && before.getValue() >= first) {
      throw new IllegalStateException(range + " is there already, at least in part");
    }
    if (before != null && before.getValue() == first - 1) {
      first = before.getKey();
    }
    Long lastOfNext = ranges.remove(last + 1);
    if (lastOfNext != null) {
      last = lastOfNext;
    }
    ranges.put(first, last);
    size += range.size();
  }

  boolean contains(long owner, long n) {
    TreeMap<Long, Long> ranges = lastByFirst.get(owner);
    if (ranges == null) {
      return false;
    }
    Map.Entry<Long, Long> range = ranges.floorEntry(n);
    return range != null && range.getValue() >= n;
  }

  /** Removes a number; false when it is not there. */
  boolean remove(long owner, long n) {
    TreeMap<Long, Long> ranges = lastByFirst.get(owner);
    Map.Entry<Long, Long> range = ranges == null ? null : ranges.floorEntry(n);
    if (ranges == null || range == null || range.getValue() < n) {
      return false;
    }
    ranges.remove(range.getKey());
    if (range.getKey() < n) {
      ranges.put(range.getKey(), n - 1);
    }
    if (range.getValue() > n) {
      ranges.put(n + 1, range.getValue());
    }
    if (ranges.isEmpty()) {
      lastByFirst.remove(owner);
    }
    size--;
    return true;
  }

  /** Removes numbers, as far as they are there; how many were. */
  long removeAll(Range range) {
    long removed = 0;
    Range next;
    while ((next = within(range)) != null) {
      removed += removeWhole(next);
    }
    return removed;
  }

  /** The first numbers of the set that are within a range, as one range. */
  private @Nullable Range within(Range range) {
    TreeMap<Long, Long> ranges = lastByFirst.get(range.owner());
    if (ranges == null) {
      return null;
    }
    Map.Entry<Long, Long> around = ranges.floorEntry(range.first());
    if (around == null || around.getValue() < range.first()) {
      around = ranges.ceilingEntry(range.first());
    }
    if (around == null || around.getKey() > range.last()) {
      return null;
    }
    return new Range(
        range.owner(),
        Math.max(around.getKey(), range.first()),
        Math.min(around.getValue(), range.last()));
  }

  private long removeWhole(Range part) {
    TreeMap<Long, Long> ranges = lastByFirst.get(part.owner());
    Map.Entry<Long, Long> around = ranges == null ? null : ranges.floorEntry(part.first());
    if (ranges == null || around == null) {
      throw new IllegalStateException(part + " is not there");
    }
    ranges.remove(around.getKey());
    if (around.getKey() < part.first()) {
      ranges.put(around.getKey(), part.first() - 1);
    }
    if (around.getValue() > part.last()) {
      ranges.put(part.last() + 1, around.getValue());
    }
    if (ranges.isEmpty()) {
      lastByFirst.remove(part.owner());
    }
    size -= part.size();
    return part.size();
  }

  /** The first range of the first owner; null when there is none. */
  @Nullable Range first() {
    for (Map.Entry<Long, TreeMap<Long, Long>> ofOwner : lastByFirst.entrySet()) {
      Map.Entry<Long, Long> range = ofOwner.getValue().firstEntry();
      return new Range(ofOwner.getKey(), range.getKey(), range.getValue());
    }
    return null;
  }

  /** The first ranges, with at most so many numbers. */
  List<Range> first(long max) {
    List<Range> first = new ArrayList<>();
    long left = max;
    for (Map.Entry<Long, TreeMap<Long, Long>> ofOwner : lastByFirst.entrySet()) {
      for (Map.Entry<Long, Long> range : ofOwner.getValue().entrySet()) {
        if (left <= 0) {
          return first;
        }
        long last = Math.min(range.getValue(), range.getKey() + left - 1);
        Range part = new Range(ofOwner.getKey(), range.getKey(), last);
        first.add(part);
        left -= part.size();
      }
    }
    return first;
  }
}
