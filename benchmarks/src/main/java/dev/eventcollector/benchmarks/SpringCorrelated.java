package dev.eventcollector.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** Spring AMQP with correlated confirms and returns, a chunk on one channel (invoke). */
final class SpringCorrelated implements Contestant {

  private static final long PATIENCE_SECONDS = 30;

  private final CachingConnectionFactory connections;
  private final RabbitTemplate template;

  SpringCorrelated(BrokerAccess broker, int threads) throws Exception {
    connections = new CachingConnectionFactory(broker.connectionFactory());
    connections.setPublisherConfirmType(ConfirmType.CORRELATED);
    connections.setPublisherReturns(true);
    connections.setChannelCacheSize(Math.max(25, threads));
    template = new RabbitTemplate(connections);
    template.setMandatory(true);
  }

  @Override
  public Session session() {
    UniqueIds ids = new UniqueIds();
    return (queues, body, count) -> {
      List<CorrelationData> sent = new ArrayList<>(count);
      template.invoke(
          operations -> {
            for (int i = 0; i < count; i++) {
              CorrelationData data = new CorrelationData(ids.next());
              sent.add(data);
              operations.send(
                  "", queues.get(i % queues.size()), SpringSimple.message(ids, body), data);
            }
            return true;
          });
      for (CorrelationData data : sent) {
        if (!data.getFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS).ack()
            || data.getReturned() != null) {
          throw new IllegalStateException("returned or nacked");
        }
      }
    };
  }

  @Override
  public void close() {
    connections.destroy();
  }
}
