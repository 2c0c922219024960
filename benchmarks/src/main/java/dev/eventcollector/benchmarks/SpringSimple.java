package dev.eventcollector.benchmarks;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/**
 * Spring AMQP with simple confirms on a channel of its own (invoke, waitForConfirmsOrDie). It does
 * not tell which event of a chunk failed, and not of returns: a weaker guarantee than the others'.
 */
final class SpringSimple implements Contestant {

  private static final long PATIENCE_MILLIS = 30_000;

  private final CachingConnectionFactory connections;
  private final RabbitTemplate template;

  SpringSimple(BrokerAccess broker, int threads) throws Exception {
    connections = new CachingConnectionFactory(broker.connectionFactory());
    connections.setPublisherConfirmType(ConfirmType.SIMPLE);
    connections.setChannelCacheSize(Math.max(25, threads));
    template = new RabbitTemplate(connections);
    template.setMandatory(true);
  }

  static Message message(UniqueIds ids, byte[] body) {
    return MessageBuilder.withBody(body)
        .setMessageId(ids.next())
        .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
        .build();
  }

  @Override
  public Session session() {
    UniqueIds ids = new UniqueIds();
    return (queues, body, count) ->
        template.invoke(
            operations -> {
              for (int i = 0; i < count; i++) {
                operations.send("", queues.get(i % queues.size()), message(ids, body), null);
              }
              operations.waitForConfirmsOrDie(PATIENCE_MILLIS);
              return true;
            });
  }

  @Override
  public void close() {
    connections.destroy();
  }
}
