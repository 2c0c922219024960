package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * Refuses streams, where an acknowledgement removes nothing and a consumer begins at the end. AMQP
 * does not reveal the type of a queue, but RabbitMQ refuses consumer arguments that a type does not
 * have: queues have a priority, streams don't.
 */
final class Streams {

  /** Consumer arguments that a stream refuses; the default of every other queue. */
  static final Map<String, Object> REFUSED = Map.of("x-priority", 0);

  private Streams() {}

  /** Explains the failure if the queue is a stream. */
  static Throwable explained(String queue, Throwable failure) {
    if (failure.getCause() instanceof ShutdownSignalException signal
        && signal.getReason() instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.PRECONDITION_FAILED
        && close.getReplyText().contains("rabbit_stream_queue")) {
      return new IOException(
          String.format(
              Locale.ROOT,
              "%s is a stream, from which acknowledging removes nothing; a worker needs a queue",
              queue));
    }
    return failure;
  }
}
