package dev.eventcollector.benchmarks;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * amqp-client as one would use it who knows it well: a channel per thread, all of a chunk
 * published, then its confirms awaited by a listener that only counts, another for returns.
 */
final class HandWritten implements Contestant {

  private final Connection connection;

  HandWritten(BrokerAccess broker) throws Exception {
    connection = broker.connectionFactory().newConnection("hand-written");
  }

  @Override
  public Session session() throws Exception {
    return new ChannelSession(connection.createChannel());
  }

  @Override
  public void close() throws Exception {
    connection.close();
  }

  private static final class ChannelSession implements Session {

    private static final long PATIENCE_SECONDS = 30;

    private final Channel channel;
    private final UniqueIds ids = new UniqueIds();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private boolean[] answered = {};
    private long firstTag;
    private int lowestOpen;
    private int open;
    private long failures;

    ChannelSession(Channel channel) throws Exception {
      this.channel = channel;
      channel.confirmSelect();
      channel.addConfirmListener(
          (tag, multiple) -> answered(tag, multiple, false),
          (tag, multiple) -> answered(tag, multiple, true));
      channel.addReturnListener(
          returned -> {
            lock.lock();
            failures++;
            lock.unlock();
          });
    }

    private void answered(long tag, boolean multiple, boolean failed) {
      lock.lock();
      try {
        int last = (int) (tag - firstTag);
        for (int i = multiple ? lowestOpen : last; i <= last; i++) {
          if (!answered[i]) {
            answered[i] = true;
            open--;
            failures += failed ? 1 : 0;
          }
        }
        while (lowestOpen < answered.length && answered[lowestOpen]) {
          lowestOpen++;
        }
        if (open == 0) {
          settled.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void publish(List<String> queues, byte[] body, int count) throws Exception {
      lock.lock();
      answered = new boolean[count];
      firstTag = channel.getNextPublishSeqNo();
      lowestOpen = 0;
      open = count;
      lock.unlock();
      for (int i = 0; i < count; i++) {
        BasicProperties properties =
            new BasicProperties.Builder()
                .messageId(ids.next())
                .contentType("application/octet-stream")
                .deliveryMode(2)
                .build();
        channel.basicPublish("", queues.get(i % queues.size()), true, properties, body);
      }
      lock.lock();
      try {
        long nanos = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (open > 0) {
          if (nanos <= 0) {
            throw new IllegalStateException(open + " confirms did not come in time");
          }
          nanos = settled.awaitNanos(nanos);
        }
        if (failures > 0) {
          throw new IllegalStateException(failures + " returned or nacked");
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() throws Exception {
      channel.close();
    }
  }
}
