package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages with the properties that {@link MovePolicy} leaves them, and returns an
 * outcome for each: the original of a confirmed one can then be acknowledged. It publishes like
 * events, with one deadline for all, and on its own connection: a broker may block that without
 * stopping the worker from acknowledging.
 *
 * <p>Safe for use by many threads. No lock is held while it writes or waits.
 */
final class ConfirmedMoves {

  private static final int MAX_CHANNELS = 64;
  private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(10);

  /** A network that is slower than this counts as stalled. */
  private static final long BYTES_PER_SECOND = 256 * 1024;

  private final Publishing publishing;

  ConfirmedMoves(Connector connector, String purpose) {
    this.publishing = new Publishing(connector, purpose, MAX_CHANNELS, List.of());
  }

  /** Moves one message, within {@link #timeoutFor}. */
  Outcome move(String queue, BasicProperties properties, byte[] body) {
    return move(List.of(new Move(queue, properties, body))).get(0);
  }

  /** Moves messages, within {@link #timeoutFor}. The outcomes are in the order of the moves. */
  List<Outcome> move(List<Move> moves) {
    return move(moves, timeoutFor(moves));
  }

  /** Moves messages. Returns by the deadline; the outcomes are in the order of the moves. */
  List<Outcome> move(List<Move> moves, Duration timeout) {
    return publishing.publish(new MoveChunk(List.copyOf(moves)), timeout);
  }

  /** Ten seconds, and more for messages that take long to transmit. */
  static Duration timeoutFor(List<Move> moves) {
    long bytes = 0;
    for (Move move : moves) {
      bytes += move.bytes();
    }
    return LEAST_TIMEOUT.plusSeconds(bytes / BYTES_PER_SECOND);
  }

  /** Why the broker accepts no messages at the moment, in its own words; null when it does. */
  @Nullable String blockedReason() {
    return publishing.blockedReason();
  }

  /** Ends moves in progress, with unknown outcome, after two seconds at most. */
  void close() {
    publishing.close();
  }

  private record MoveChunk(List<Move> moves) implements Chunk {

    @Override
    public int size() {
      return moves.size();
    }

    @Override
    public void addTo(PublishFrames frames, int index) {
      Move move = moves.get(index);
      BasicProperties fitted = FrameFit.fitted(move.properties(), frames.maxPayload());
      frames.add("", move.queue(), fitted, move.body());
    }

    @Override
    public @Nullable String id(int index) {
      return moves.get(index).properties().getMessageId();
    }

    @Override
    public String exchange(int index) {
      return "";
    }

    @Override
    public String routingKey(int index) {
      return moves.get(index).queue();
    }

    @Override
    public boolean isMandatory(int index) {
      return true;
    }
  }
}
