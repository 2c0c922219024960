package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a chunk on one channel.
 *
 * @param outcomes of the first messages. There are fewer than messages if AMQP cannot carry the
 *     last of them, and none if the channel was closed before; the others can then still be sent
 * @param shutdown the end of the channel, if any
 * @param withOthers whether messages of other chunks were on the channel, which may be to blame
 * @param nothingBecause why the channel was closed before; empty if it was not
 */
record Published(
    List<Outcome> outcomes, ShutdownKind shutdown, boolean withOthers, String nothingBecause) {

  Published(List<Outcome> outcomes, ShutdownKind shutdown) {
    this(outcomes, shutdown, false);
  }

  Published(List<Outcome> outcomes, ShutdownKind shutdown, boolean withOthers) {
    this(outcomes, shutdown, withOthers, "");
  }

  /** Nothing was sent, since the channel was closed before; another one may succeed. */
  static Published nothing(@Nullable Throwable closed) {
    return new Published(List.of(), ShutdownKind.NONE, false, Reasons.of(closed));
  }
}
