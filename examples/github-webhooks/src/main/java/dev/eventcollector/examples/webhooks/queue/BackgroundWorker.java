package dev.eventcollector.examples.webhooks.queue;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The library's worker of either broker, as far as this app looks at it. */
public record BackgroundWorker(Supplier<@Nullable String> troubles, Predicate<Duration> closing) {

  /** Why nothing is handled at the moment; null when all is well. */
  public @Nullable String trouble() {
    return troubles.get();
  }

  /** Whether everything that was being handled has finished in time. */
  public boolean close(Duration timeout) {
    return closing.test(timeout);
  }
}
