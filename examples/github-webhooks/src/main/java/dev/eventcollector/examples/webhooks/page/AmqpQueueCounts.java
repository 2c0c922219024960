package dev.eventcollector.examples.webhooks.page;

import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** By passive declaration, which tells how many messages are ready and who consumes. */
final class AmqpQueueCounts implements QueueCounts {

  private final BrokerDesk desk;
  private final List<String> queues;

  AmqpQueueCounts(BrokerDesk desk, List<String> queues) {
    this.desk = desk;
    this.queues = queues;
  }

  @Override
  public List<Count> read() throws IOException {
    return desk.ask(
        channel -> {
          List<Count> counts = new ArrayList<>();
          for (String queue : queues) {
            counts.add(count(channel, queue));
          }
          return counts;
        });
  }

  /** On a channel of its own: asking for a queue that is not there closes the channel. */
  private static Count count(Channel channel, String queue) throws IOException {
    Channel own = channel.getConnection().createChannel();
    if (own == null) {
      throw new IOException("the broker has no channel left for this connection");
    }
    try {
      DeclareOk found = own.queueDeclarePassive(queue);
      return new Count(queue, (long) found.getMessageCount(), found.getConsumerCount());
    } catch (IOException e) {
      if (channel.isOpen()) {
        return new Count(queue, null, null);
      }
      throw e;
    } finally {
      own.abort();
    }
  }
}
