package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Map;

/**
 * Refuses streams, where an acknowledgement removes nothing and a consumer begins at the end: AMQP
 * does not tell a queue's type, but an offset that makes no sense is refused by a stream, and means
 * nothing to a queue.
 */
final class Streams {

  private static final String OFFSET = "x-stream-offset";

  /** Consumer arguments that a stream refuses. */
  static final Map<String, Object> REFUSED = Map.of(OFFSET, "not-a-stream");

  private Streams() {}

  static Exception explained(String queue, Exception failure) {
    if (failure.getCause() instanceof ShutdownSignalException signal
        && signal.getReason() instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.PRECONDITION_FAILED
        && close.getReplyText().contains("offset")) {
      return new IOException(
          "%s is a stream, from which acknowledging removes nothing; a worker needs a queue"
              .formatted(queue),
          failure);
    }
    return failure;
  }
}
