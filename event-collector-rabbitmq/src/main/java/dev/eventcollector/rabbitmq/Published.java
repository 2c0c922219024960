package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.List;

/**
 * What became of a chunk on one channel.
 *
 * @param outcomes of the first messages. There are fewer than messages when the last of them cannot
 *     be sent by AMQP, or, with no outcome at all, when the channel was closed before; the others
 *     can then still be sent
 * @param shutdown what ended the channel meanwhile
 */
record Published(List<Outcome> outcomes, ShutdownKind shutdown) {

  /** Nothing was sent, and another channel may do. */
  static final Published NOTHING = new Published(List.of(), ShutdownKind.NONE);
}
