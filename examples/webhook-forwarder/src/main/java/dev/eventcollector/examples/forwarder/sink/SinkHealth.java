package dev.eventcollector.examples.forwarder.sink;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of the sink: how it answered, and whether it can be reached now. Safe for use by many
 * threads.
 */
public final class SinkHealth {

  private static final int CONNECT_MILLIS = 1_000;
  private static final long SEEN_NANOS = 250_000_000;

  /** While another thread looks, what was seen last counts for longer, and not for ever. */
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(30);

  final LongAdder accepted = new LongAdder();
  final Outage outage = new Outage();

  private final LongAdder failed = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  private final SinkAddress address;
  private final Supplier<Optional<String>> look;
  private final LongSupplier nanoTime;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile @Nullable String trouble;
  private volatile @Nullable Seen seen;

  /** A look at the sink: many who ask at the same time must not occupy as many threads. */
  private record Seen(Optional<String> obstacle, long nanoTime) {}

  /**
   * The posts so far.
   *
   * @param nanos how long all of them took
   */
  public record Posts(long accepted, long failed, long nanos) {}

  /** Of a sink that nothing is known of yet. */
  public SinkHealth(SinkAddress address) {
    this(address, () -> connect(address), System::nanoTime);
  }

  SinkHealth(SinkAddress address, Supplier<Optional<String>> look, LongSupplier nanoTime) {
    this.address = address;
    this.look = look;
    this.nanoTime = nanoTime;
  }

  /** The posts so far. */
  public Posts posts() {
    return new Posts(accepted.sum(), failed.sum(), nanos.sum());
  }

  /** Counts the answer to an attempt. */
  public void count(Sink.Answer answer, Duration took) {
    nanos.add(took.toNanos());
    if (answer.isAccepted()) {
      accepted.increment();
      outage.accepted();
    } else {
      failed.increment();
    }
  }

  /** Counts the answer to an attempt, and remembers its trouble. */
  void answered(Sink.Answer answer, Duration took) {
    count(answer, took);
    trouble = answer.isAccepted() ? null : answer.reason();
  }

  /** A batch was given up, so that its trouble is no longer tried: ask the sink itself again. */
  void gaveUp() {
    forgetTrouble();
    outage.gaveUp();
  }

  /** The latest trouble was that of a batch, not of the sink. */
  void forgetTrouble() {
    trouble = null;
  }

  /**
   * Why the latest attempt failed, or why it cannot be reached; empty when it is usable. That
   * nothing is known yet is an obstacle, too.
   */
  public Optional<String> findObstacle() {
    String known = trouble;
    if (known != null) {
      return Optional.of(known);
    }
    Optional<String> recent = seenWithin(SEEN_NANOS);
    if (recent != null) {
      return recent;
    }
    if (!looking.compareAndSet(false, true)) {
      Optional<String> older = seenWithin(STALE_NANOS);
      return older == null
          ? Optional.of("it is not known yet whether " + address + " can be reached")
          : older;
    }
    try {
      Optional<String> obstacle = look.get();
      seen = new Seen(obstacle, nanoTime.getAsLong());
      return obstacle;
    } finally {
      looking.set(false);
    }
  }

  private @Nullable Optional<String> seenWithin(long nanos) {
    Seen latest = seen;
    return latest != null && nanoTime.getAsLong() - latest.nanoTime < nanos
        ? latest.obstacle
        : null;
  }

  private static Optional<String> connect(SinkAddress address) {
    try (Socket socket = new Socket()) {
      String host = address.uri().getHost().replaceAll("^\\[(.*)]$", "$1");
      socket.connect(new InetSocketAddress(host, address.port()), CONNECT_MILLIS);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          String.format(Locale.ROOT, "%s cannot be reached: %s", address, e.getMessage()));
    }
  }
}
