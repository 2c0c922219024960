package dev.eventcollector.rabbitmq.soak;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Consumes queues and records every message in the order in which it came; reconnects until it is
 * closed. A message is recorded before it is acknowledged, so none is missed, and one whose
 * acknowledgement was lost is recorded again, marked as redelivered.
 */
final class Arrivals implements AutoCloseable {

  record Arrival(String queue, String id, String body, boolean redelivered) {}

  private final List<String> uris;
  private final List<String> queues;
  private final Map<String, Object> queueArguments;
  private final List<Arrival> arrivals = new ArrayList<>();
  private final Thread thread = new Thread(this::consume, "soak-consumer");
  private final CountDownLatch consuming = new CountDownLatch(1);
  private volatile boolean closed;

  Arrivals(List<String> uris, List<String> queues, Map<String, Object> queueArguments) {
    this.uris = uris;
    this.queues = queues;
    this.queueArguments = queueArguments;
    thread.setDaemon(true);
    thread.start();
  }

  private void consume() {
    for (int attempt = 0; !closed; attempt++) {
      try (Connection connection = connect(uris.get(attempt % uris.size()))) {
        CountDownLatch lost = new CountDownLatch(1);
        Channel channel = connection.createChannel();
        channel.addShutdownListener(cause -> lost.countDown());
        channel.basicQos(500);
        for (String queue : queues) {
          channel.queueDeclare(queue, true, false, false, queueArguments);
          channel.basicConsume(queue, false, new Recorder(channel, queue, lost));
        }
        consuming.countDown();
        while (!closed && !lost.await(100, TimeUnit.MILLISECONDS)) {
          // The recorder does the work.
        }
      } catch (IOException | TimeoutException | RuntimeException e) {
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static Connection connect(String uri) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(uri);
    } catch (Exception e) {
      throw new IllegalArgumentException(e);
    }
    factory.setAutomaticRecoveryEnabled(false);
    factory.setConnectionTimeout(2_000);
    factory.setHandshakeTimeout(4_000);
    factory.setChannelRpcTimeout(10_000);
    factory.setRequestedHeartbeat(5);
    return factory.newConnection("soak consumer");
  }

  private static void pause() {
    try {
      new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Recorder extends DefaultConsumer {
    private final String queue;
    private final CountDownLatch lost;

    Recorder(Channel channel, String queue, CountDownLatch lost) {
      super(channel);
      this.queue = queue;
      this.lost = lost;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      synchronized (arrivals) {
        arrivals.add(
            new Arrival(
                queue,
                properties.getMessageId(),
                new String(body, StandardCharsets.UTF_8),
                envelope.isRedeliver()));
      }
      getChannel().basicAck(envelope.getDeliveryTag(), false);
    }

    @Override
    public void handleCancel(String tag) {
      lost.countDown();
    }
  }

  /** Waits until the queues are there: what the broker returns before that would be overtaken. */
  void awaitConsuming() throws InterruptedException {
    if (!consuming.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("cannot consume " + queues);
    }
  }

  List<Arrival> soFar() {
    synchronized (arrivals) {
      return List.copyOf(arrivals);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join(20_000);
  }
}
