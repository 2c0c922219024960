package dev.eventcollector.examples.handbook;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;

/** The code that README.md compares with: the usual one. */
final class ByHand {

  private final Orders orders = new Orders();
  private final Channel channel;

  ByHand(Channel channel) {
    this.channel = channel;
  }

  // tag::before
  void place(int order) throws Exception {
    orders.save(order);
    byte[] body = ("{\"id\":" + order + "}").getBytes(StandardCharsets.UTF_8);
    channel.basicPublish("", "orders", MessageProperties.PERSISTENT_BASIC, body);
    channel.waitForConfirms(5_000); // and when it fails? and what if save is rolled back?
  }
  // end::before
}
