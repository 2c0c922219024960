package dev.eventcollector.benchmarks;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * amqp-client as one would use it who knows it well: handles on the consumer's thread, publishes at
 * once and acknowledges from the confirm listener, with a prefetch of 1,000.
 */
final class HandWrittenWorker {

  private static final int PREFETCH = 1_000;
  private static final int ACK_EVERY = 64;
  private static final int CLOSE_MILLIS = 2_000;

  private HandWrittenWorker() {}

  static AutoCloseable start(BrokerAccess broker, WorkerRound round) throws Exception {
    Connection in = broker.connectionFactory().newConnection("hand-written in");
    Connection out = broker.connectionFactory().newConnection("hand-written out");
    Channel from = in.createChannel();
    Channel to = out.createChannel();
    to.confirmSelect();
    from.basicQos(PREFETCH);
    ConcurrentNavigableMap<Long, Long> open = new ConcurrentSkipListMap<>();
    to.addConfirmListener(
        (tag, multiple) -> round.finished(confirmed(from, open, tag, multiple)),
        (tag, multiple) -> {
          throw new IOException("nacked");
        });
    to.addReturnListener(
        returned -> {
          throw new IllegalStateException("returned");
        });
    UniqueIds ids = new UniqueIds();
    from.basicConsume(
        WorkerRound.IN,
        false,
        new DefaultConsumer(from) {
          private int unacknowledged;

          @Override
          public void handleDelivery(
              String consumer, Envelope envelope, BasicProperties properties, byte[] body)
              throws IOException {
            round.handling();
            long tag = envelope.getDeliveryTag();
            if (round.scenario().events() > 0) {
              open.put(to.getNextPublishSeqNo(), tag);
              BasicProperties persistent =
                  new BasicProperties.Builder().messageId(ids.next()).deliveryMode(2).build();
              to.basicPublish("", WorkerRound.OUT, true, persistent, body);
            } else if (++unacknowledged == ACK_EVERY || round.isAlmostOver()) {
              from.basicAck(tag, true);
              round.finished(unacknowledged);
              unacknowledged = 0;
            }
            round.handled();
          }
        });
    return () -> {
      out.abort(CLOSE_MILLIS); // first, so that no confirm comes that cannot be acknowledged
      in.abort(CLOSE_MILLIS);
    };
  }

  /** How many deliveries were acknowledged. */
  private static int confirmed(
      Channel from, ConcurrentNavigableMap<Long, Long> open, long tag, boolean multiple)
      throws IOException {
    if (!multiple) {
      Long one = open.remove(tag);
      if (one == null) {
        return 0;
      }
      acknowledge(from, one, false);
      return 1;
    }
    ConcurrentNavigableMap<Long, Long> confirmed = open.headMap(tag, true);
    long last = -1;
    int count = 0;
    for (long one : confirmed.values()) {
      last = Math.max(last, one);
      count++;
    }
    confirmed.clear();
    if (last >= 0) {
      acknowledge(from, last, true);
    }
    return count;
  }

  private static void acknowledge(Channel from, long tag, boolean multiple) throws IOException {
    synchronized (from) {
      from.basicAck(tag, multiple);
    }
  }
}
