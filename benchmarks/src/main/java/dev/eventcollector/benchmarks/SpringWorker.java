package dev.eventcollector.benchmarks;

import com.rabbitmq.client.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareBatchMessageListener;

/**
 * Spring's listener container, with correlated confirms that are awaited before it acknowledges.
 */
final class SpringWorker {

  private static final int PREFETCH = 250;
  private static final int BATCH = 64;
  private static final long PATIENCE_SECONDS = 30;

  private SpringWorker() {}

  static AutoCloseable start(BrokerAccess broker, WorkerRound round) throws Exception {
    Parts parts = new Parts(broker, round);
    parts.container.setMessageListener(
        message -> {
          round.handling();
          if (round.scenario().events() > 0) {
            parts.await(parts.send(message));
          }
          round.handled();
          round.finished(1); // it acknowledges at once
        });
    return parts.started();
  }

  static AutoCloseable startBatches(BrokerAccess broker, WorkerRound round) throws Exception {
    Parts parts = new Parts(broker, round);
    parts.container.setConsumerBatchEnabled(true);
    parts.container.setBatchSize(BATCH);
    parts.container.setDeBatchingEnabled(true);
    parts.container.setMessageListener(
        new ChannelAwareBatchMessageListener() {
          @Override
          public void onMessageBatch(List<Message> messages, @Nullable Channel channel) {
            List<CorrelationData> sent = new ArrayList<>(messages.size());
            for (Message message : messages) {
              round.handling();
              if (round.scenario().events() > 0) {
                sent.add(parts.send(message));
              }
            }
            sent.forEach(parts::await);
            messages.forEach(message -> round.handled());
            round.finished(messages.size()); // it acknowledges at once
          }
        });
    return parts.started();
  }

  private static final class Parts {
    final CachingConnectionFactory connections;
    final RabbitTemplate template;
    final SimpleMessageListenerContainer container;
    final UniqueIds ids = new UniqueIds();

    Parts(BrokerAccess broker, WorkerRound round) throws Exception {
      connections = new CachingConnectionFactory(broker.connectionFactory());
      connections.setPublisherConfirmType(ConfirmType.CORRELATED);
      connections.setPublisherReturns(true);
      connections.setChannelCacheSize(64);
      template = new RabbitTemplate(connections);
      template.setMandatory(true);
      template.setUsePublisherConnection(true);
      container = new SimpleMessageListenerContainer(connections);
      container.setQueueNames(WorkerRound.IN);
      container.setConcurrentConsumers(round.scenario().concurrency());
      container.setPrefetchCount(PREFETCH);
    }

    CorrelationData send(Message message) {
      CorrelationData data = new CorrelationData(ids.next());
      template.send("", WorkerRound.OUT, SpringSimple.message(ids, message.getBody()), data);
      return data;
    }

    void await(CorrelationData data) {
      try {
        if (!data.getFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS).ack()
            || data.getReturned() != null) {
          throw new IllegalStateException("returned or nacked");
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    AutoCloseable started() {
      container.afterPropertiesSet();
      container.start();
      return () -> {
        container.stop();
        connections.destroy();
      };
    }
  }
}
