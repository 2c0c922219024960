package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The dead letters of a worker: looks at them, has them handled again, or drops them.
 *
 * <pre>{@code
 * try (DeadLetters dead = DeadLetters.builder().uri(uri).queue("orders").build()) {
 *   for (DeadLetter letter : dead.list(0, 50)) {
 *     System.out.println(letter);
 *   }
 *   dead.requeue("3f2a9c0d11e4b7a6");
 * }
 * }</pre>
 *
 * <p>What is requeued begins anew: its attempts are counted from 1. A message is removed only after
 * the broker has confirmed its copy, so a failure in between leaves it in both queues, never in
 * none.
 *
 * <p>AMQP can only look at messages by taking them: while one call looks through the queue, another
 * one does not see the messages it has passed. They are returned in their order when the call ends.
 *
 * <p>Safe for use by many threads. Each call opens a connection. After {@link #close()} a call
 * throws an {@code IllegalStateException}.
 */
public final class DeadLetters implements AutoCloseable {

  private static final int CLOSE_MILLIS = 2_000;
  private static final int MAX_PAGE = 10_000;
  private static final int BATCH = 100;

  /** A quorum queue counts what is returned; before it may drop a message, that is put anew. */
  private static final long RETURNS_ALLOWED = 5;

  private final Connector connector;
  private final String queue;
  private final String deadQueue;
  private final ConfirmedMoves moves;
  private volatile boolean closed;

  DeadLetters(Connector connector, String queue, String deadQueue) {
    this.connector = connector;
    this.queue = queue;
    this.deadQueue = deadQueue;
    this.moves = new ConfirmedMoves(connector, "dead letters of " + queue);
  }

  /** Starts to configure access to the dead letters of a worker. */
  public static DeadLettersBuilder builder() {
    return new DeadLettersBuilder();
  }

  /**
   * How many there are, without those that another call looks at now.
   *
   * @throws IOException when the broker cannot be reached, or there is no such queue
   */
  public long count() throws IOException {
    return with(channel -> channel.messageCount(deadQueue));
  }

  /**
   * A page of dead letters, the longest dead first.
   *
   * @param offset how many are skipped; not negative
   * @param limit how many at most, from 1 to 10,000; all are held in memory
   * @throws IOException when the broker cannot be reached, or there is no such queue
   */
  public List<DeadLetter> list(int offset, int limit) throws IOException {
    if (offset < 0 || limit < 1 || limit > MAX_PAGE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "offset must not be negative and limit be from 1 to %d, but they are %d and %d",
              MAX_PAGE,
              offset,
              limit));
    }
    List<DeadLetter> page = new ArrayList<>();
    int[] index = {0};
    scan(
        letter -> {
          if (index[0]++ >= offset) {
            page.add(letter);
          }
          return page.size() < limit ? Verdict.KEEP : Verdict.KEEP_AND_STOP;
        });
    return List.copyOf(page);
  }

  /**
   * The dead letter with this key; empty when there is none.
   *
   * @throws IOException when the broker cannot be reached, or there is no such queue
   */
  public Optional<DeadLetter> show(String key) throws IOException {
    List<DeadLetter> found = new ArrayList<>();
    scan(
        letter -> {
          if (!letter.key().equals(key)) {
            return Verdict.KEEP;
          }
          found.add(letter);
          return Verdict.KEEP_AND_STOP;
        });
    return found.stream().findFirst();
  }

  /**
   * Has the dead letter with this key handled again, from its first attempt on.
   *
   * @return false when there is none
   * @throws IOException when the broker cannot be reached or did not confirm it; then it is still
   *     among the dead ones, and may be in the worker's queue as well
   */
  public boolean requeue(String key) throws IOException {
    return scan(only(key, Verdict.REQUEUE_AND_STOP)) > 0;
  }

  /**
   * Has the longest dead handled again, from their first attempt on.
   *
   * @param most how many at most, from 1 to 10,000; all are held in memory
   * @return those that were requeued; none when there are no dead letters
   * @throws IOException when the broker cannot be reached or did not confirm one; others may be
   *     requeued, and {@link #count()} tells how many are left
   */
  public List<DeadLetter> requeue(int most) throws IOException {
    if (most < 1 || most > MAX_PAGE) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "most must be from 1 to %d, but is %d", MAX_PAGE, most));
    }
    List<DeadLetter> requeued = new ArrayList<>();
    scan(
        letter -> {
          requeued.add(letter);
          return requeued.size() < most ? Verdict.REQUEUE : Verdict.REQUEUE_AND_STOP;
        });
    return List.copyOf(requeued);
  }

  /**
   * Has every dead letter handled again that is there at the beginning.
   *
   * @return how many
   * @throws IOException when the broker cannot be reached or did not confirm one; those before are
   *     requeued
   */
  public int requeueAll() throws IOException {
    return scan(letter -> Verdict.REQUEUE);
  }

  /**
   * Removes the dead letter with this key for good.
   *
   * @return false when there is none
   * @throws IOException when the broker cannot be reached, or there is no such queue; or when the
   *     connection was lost before the broker had removed it, so that it may still be there
   */
  public boolean drop(String key) throws IOException {
    return scan(only(key, Verdict.DROP_AND_STOP)) > 0;
  }

  private static Function<DeadLetter, Verdict> only(String key, Verdict verdict) {
    Objects.requireNonNull(key, "key");
    return letter -> letter.key().equals(key) ? verdict : Verdict.KEEP;
  }

  private enum Verdict {
    KEEP,
    KEEP_AND_STOP,
    REQUEUE,
    REQUEUE_AND_STOP,
    DROP_AND_STOP
  }

  /** Goes through those that are there at the beginning. Returns how many were taken out. */
  private int scan(Function<DeadLetter, Verdict> judge) throws IOException {
    return with(
        channel -> {
          long left = channel.messageCount(deadQueue);
          long returnsAllowed = left == 0 ? 0 : returnsAllowed(channel.getConnection());
          int taken = 0;
          boolean stopped = false;
          List<GetResponse> requeued = new ArrayList<>();
          while (left-- > 0 && !stopped) {
            GetResponse one = channel.basicGet(deadQueue, false);
            if (one == null) {
              break;
            }
            Verdict verdict =
                judge.apply(
                    DeadLetter.of(deadQueue, one.getEnvelope(), one.getProps(), one.getBody()));
            stopped = verdict.name().endsWith("_AND_STOP");
            switch (verdict) {
              case REQUEUE, REQUEUE_AND_STOP -> requeued.add(one);
              case DROP_AND_STOP -> {
                channel.basicAck(one.getEnvelope().getDeliveryTag(), false);
                taken++;
              }
              default -> {
                if (Failure.deliveries(Failure.headersOf(one.getProps())) >= returnsAllowed) {
                  move(channel, List.of(one), deadQueue, MovePolicy::moved);
                } // else closing the channel returns it
              }
            }
            if (requeued.size() == BATCH || stopped) {
              taken += requeue(channel, requeued);
              requeued.clear();
            }
          }
          taken += requeue(channel, requeued);
          if (taken > 0) {
            awaitRemoval(channel);
          }
          return taken;
        });
  }

  /** An acknowledgement has no answer; that of a later request on its channel tells. */
  private void awaitRemoval(Channel channel) throws IOException {
    try {
      channel.messageCount(deadQueue);
    } catch (IOException | ShutdownSignalException e) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "the connection was lost before %s had removed what was dropped or requeued, so it"
                  + " may still be there: %s",
              deadQueue,
              Reasons.of(e)),
          e);
    }
  }

  /** Half of what the queue allows, so that a move can fail more than once. */
  private long returnsAllowed(Connection open) throws IOException {
    Long limit =
        Topology.isRabbitMq(open)
            ? QueueArguments.of(open, deadQueue).deliveryLimit(Topology.isVersion4(open))
            : null;
    return limit == null ? RETURNS_ALLOWED : Math.min(RETURNS_ALLOWED, limit / 2);
  }

  private int requeue(Channel channel, List<GetResponse> some) throws IOException {
    return some.isEmpty() ? 0 : move(channel, some, queue, MovePolicy::anew);
  }

  private int move(
      Channel channel,
      List<GetResponse> some,
      String target,
      Function<BasicProperties, BasicProperties> policy)
      throws IOException {
    List<Outcome> outcomes =
        moves.move(
            some.stream()
                .map(one -> new Move(target, policy.apply(one.getProps()), one.getBody()))
                .toList());
    int moved = 0;
    Outcome failure = null;
    for (int i = 0; i < some.size(); i++) {
      if (outcomes.get(i).isConfirmed()) {
        channel.basicAck(some.get(i).getEnvelope().getDeliveryTag(), false);
        moved++;
      } else {
        failure = outcomes.get(i);
      }
    }
    if (failure != null) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%d of %d dead letters could not be moved to %s and are still in %s: %s",
              some.size() - moved,
              some.size(),
              target,
              deadQueue,
              failure));
    }
    return moved;
  }

  @FunctionalInterface
  private interface Use<T> {
    T of(Channel channel) throws IOException;
  }

  private <T> T with(Use<T> use) throws IOException {
    if (closed) {
      throw new IllegalStateException("these dead letters of " + queue + " are closed");
    }
    OpenConnection open = connector.connect("dead letters of " + queue);
    try {
      Channel channel = open.connection().createChannel();
      if (channel == null) {
        throw new IOException("the connection has no channel left");
      }
      return use.of(channel);
    } catch (ShutdownSignalException e) {
      throw unusable(e, e);
    } catch (IOException e) {
      throw e.getCause() instanceof ShutdownSignalException cause && e.getMessage() == null
          ? unusable(cause, e)
          : e;
    } finally {
      open.close(CLOSE_MILLIS); // returns the messages that were neither moved nor dropped
    }
  }

  private IOException unusable(ShutdownSignalException cause, Exception e) {
    boolean missing =
        cause.getReason() instanceof AMQP.Channel.Close close
            && close.getReplyCode() == AMQP.NOT_FOUND;
    return new IOException(
        missing
            ? "there is no queue " + deadQueue + "; a worker on " + queue + " declares it"
            : deadQueue + " cannot be used: " + Reasons.of(cause),
        e);
  }

  /** Closes the connection for moves; two seconds at most. Later calls fail. */
  @Override
  public void close() {
    closed = true;
    moves.close();
  }
}
