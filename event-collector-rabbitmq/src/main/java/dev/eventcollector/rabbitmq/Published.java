package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.List;

/**
 * The result of a chunk on one channel.
 *
 * @param outcomes of the first messages. There are fewer than messages if AMQP cannot carry the
 *     last of them, and none if the channel was closed before; the others can then still be sent
 * @param shutdown the end of the channel, if any
 * @param withOthers whether messages of other chunks were on the channel, which may be to blame
 */
record Published(List<Outcome> outcomes, ShutdownKind shutdown, boolean withOthers) {

  Published(List<Outcome> outcomes, ShutdownKind shutdown) {
    this(outcomes, shutdown, false);
  }

  /** Nothing was sent; another channel may succeed. */
  static final Published NOTHING = new Published(List.of(), ShutdownKind.NONE);
}
