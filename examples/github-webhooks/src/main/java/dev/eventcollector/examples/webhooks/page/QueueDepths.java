package dev.eventcollector.examples.webhooks.page;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How many messages wait in each queue, as of a moment ago: whoever asks does not wait for the
 * broker, and a hundred who ask cost it no more than one.
 */
final class QueueDepths {

  private static final long AGE_NANOS = Duration.ofMillis(500).toNanos();

  /**
   * One queue.
   *
   * @param messages ready to be taken; null when there is no such queue
   */
  record Depth(String queue, @Nullable Integer messages) {}

  /**
   * All of them at a moment.
   *
   * @param trouble why they are not known; null when they are
   */
  record Snapshot(List<Depth> depths, @Nullable String trouble) {}

  private final BrokerDesk desk;
  private final List<String> queues;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long askedAt = System.nanoTime() - AGE_NANOS;
  private volatile Snapshot latest = new Snapshot(List.of(), null);

  QueueDepths(BrokerDesk desk, List<String> queues) {
    this.desk = desk;
    this.queues = queues;
  }

  Snapshot latest() {
    if (System.nanoTime() - askedAt >= AGE_NANOS && asking.compareAndSet(false, true)) {
      Thread thread = new Thread(this::refresh, "page-queue-depths");
      thread.setDaemon(true);
      thread.start();
    }
    return latest;
  }

  private void refresh() {
    try {
      latest = new Snapshot(desk.ask(this::count), null);
    } catch (IOException e) {
      latest = new Snapshot(List.of(), e.getMessage());
    } finally {
      askedAt = System.nanoTime();
      asking.set(false);
    }
  }

  private List<Depth> count(Channel channel) throws IOException {
    List<Depth> depths = new ArrayList<>();
    for (String queue : queues) {
      depths.add(new Depth(queue, messages(channel, queue)));
    }
    return depths;
  }

  /** On a channel of its own: asking for a queue that is not there closes the channel. */
  private static @Nullable Integer messages(Channel channel, String queue) throws IOException {
    Channel own = channel.getConnection().createChannel();
    if (own == null) {
      throw new IOException("the broker has no channel left for this connection");
    }
    try {
      return own.queueDeclarePassive(queue).getMessageCount();
    } catch (IOException e) {
      if (channel.isOpen()) {
        return null;
      }
      throw e;
    } finally {
      own.abort();
    }
  }
}
