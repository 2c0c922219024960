package dev.eventcollector.examples.webhooks.history;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** Counts things by their kind. */
public final class Tally<K extends Comparable<K>> {

  private final Map<K, LongAdder> counts = new ConcurrentHashMap<>();
  private final BiConsumer<K, LongAdder> onFirst;

  /** For this process alone. */
  public Tally() {
    this((kind, count) -> {});
  }

  private Tally(BiConsumer<K, LongAdder> onFirst) {
    this.onFirst = onFirst;
  }

  /** With a counter for each kind, whose tag is the kind in lower case. */
  static <K extends Comparable<K>> Tally<K> metered(
      MeterRegistry registry, String name, String description, String tag) {
    return new Tally<>(
        (kind, count) ->
            FunctionCounter.builder(name, count, LongAdder::sum)
                .description(description)
                .tag(tag, String.valueOf(kind).toLowerCase(Locale.ROOT))
                .register(registry));
  }

  public void add(K kind) {
    counts.computeIfAbsent(kind, this::first).increment();
  }

  private LongAdder first(K kind) {
    LongAdder count = new LongAdder();
    onFirst.accept(kind, count);
    return count;
  }

  public long count(K kind) {
    LongAdder count = counts.get(kind);
    return count == null ? 0 : count.sum();
  }

  public long total() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  public Map<K, Long> counts() {
    Map<K, Long> copy = new TreeMap<>();
    counts.forEach((kind, count) -> copy.put(kind, count.sum()));
    return copy;
  }
}
