package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.List;

/**
 * The result of a chunk on one channel.
 *
 * @param outcomes of the first messages. There are fewer than messages if AMQP cannot carry the
 *     last of them, and none if the channel was closed before; the others can then still be sent
 * @param shutdown the end of the channel, if any
 */
record Published(List<Outcome> outcomes, ShutdownKind shutdown) {

  /** Nothing was sent; another channel may succeed. */
  static final Published NOTHING = new Published(List.of(), ShutdownKind.NONE);
}
