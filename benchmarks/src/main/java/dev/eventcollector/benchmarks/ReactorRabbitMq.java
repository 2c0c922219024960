package dev.eventcollector.benchmarks;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Connection;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.rabbitmq.ChannelPool;
import reactor.rabbitmq.ChannelPoolFactory;
import reactor.rabbitmq.ChannelPoolOptions;
import reactor.rabbitmq.OutboundMessage;
import reactor.rabbitmq.RabbitFlux;
import reactor.rabbitmq.SendOptions;
import reactor.rabbitmq.Sender;
import reactor.rabbitmq.SenderOptions;

/** Reactor RabbitMQ: sendWithPublishConfirms with returns tracked, channels from a pool. */
final class ReactorRabbitMq implements Contestant {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Connection connection;
  private final Sender sender;
  private final ChannelPool channels;

  ReactorRabbitMq(BrokerAccess broker, int threads) throws Exception {
    connection = broker.connectionFactory().newConnection("reactor-rabbitmq");
    sender = RabbitFlux.createSender(new SenderOptions().connectionMono(Mono.just(connection)));
    channels =
        ChannelPoolFactory.createChannelPool(
            Mono.just(connection), new ChannelPoolOptions().maxCacheSize(threads));
  }

  @Override
  public Session session() {
    UniqueIds ids = new UniqueIds();
    SendOptions options = new SendOptions().channelPool(channels).trackReturned(true);
    return (queues, body, count) -> {
      Long bad =
          sender
              .sendWithPublishConfirms(
                  Flux.range(0, count)
                      .map(
                          i ->
                              new OutboundMessage(
                                  "",
                                  queues.get(i % queues.size()),
                                  new BasicProperties.Builder()
                                      .messageId(ids.next())
                                      .deliveryMode(2)
                                      .build(),
                                  body)),
                  options)
              .filter(result -> !result.isAck() || result.isReturned())
              .count()
              .block(PATIENCE);
      if (bad == null || bad > 0) {
        throw new IllegalStateException(bad + " returned or nacked");
      }
    };
  }

  @Override
  public void close() throws Exception {
    channels.close();
    sender.close();
    connection.close();
  }
}
