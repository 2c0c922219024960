package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.Outcome;
import dev.eventcollector.rabbitmq.AttemptResult.EnvironmentFailed;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles a chunk of deliveries by their results: remembers completed deliveries, acknowledges,
 * moves failed ones, and holds those that cannot be settled now. Safe for use by many threads.
 */
final class Settling {

  private final WorkerSettings settings;
  private final RetryQueues retryQueues;
  private final DeliveriesInProgress inProgress;
  private final DeliveryNews news;
  private final HeldDeliveries held;
  private final WorkingAgain works;

  Settling(
      WorkerSettings settings,
      RetryQueues retryQueues,
      DeliveriesInProgress inProgress,
      DeliveryNews news,
      HeldDeliveries held,
      WorkingAgain works) {
    this.settings = settings;
    this.retryQueues = retryQueues;
    this.inProgress = inProgress;
    this.news = news;
    this.held = held;
    this.works = works;
  }

  /** The target queue and properties of a delivery that is not completed. */
  record Destination(
      String queue, BasicProperties properties, @Nullable Duration delay, Failure failure) {}

  /** Settles or holds each delivery. Throws nothing. */
  void settle(List<DeliveryInHand> chunk) {
    List<DeliveryInHand> done = new ArrayList<>(chunk.size());
    List<DeliveryInHand> failed = new ArrayList<>(0);
    for (DeliveryInHand one : chunk) {
      AttemptResult result = one.result;
      if (result instanceof EnvironmentFailed environment && environment.step() != Step.MOVE) {
        hold(one);
      } else if (destinationOf(one) != null) {
        failed.add(one);
      } else if (!(result instanceof AttemptResult.Completed) || remember(one)) {
        done.add(one);
      }
    }
    acknowledge(done);
    if (!failed.isEmpty()) {
      move(failed);
    }
  }

  private @Nullable Destination destinationOf(DeliveryInHand one) {
    if (one.destination != null) {
      return one.destination;
    }
    AttemptResult result = one.result;
    if (result instanceof AttemptResult.Poison poison) {
      one.destination = failed(one, poison.failure(), null);
    } else if (result instanceof AttemptResult.Rejected rejected && !rejected.dropped()) {
      one.destination = failed(one, rejected.failure(), null);
    } else if (result instanceof AttemptResult.DeliveryFailed failed) {
      Duration delay = retryQueues.delayAfter(one.delivery.attempt());
      one.destination = failed(one, failed.failure(), delay);
    } else if (result instanceof AttemptResult.PutAnew anew) {
      BasicProperties properties =
          Failure.putAnew(
              Origin.addedTo(one.properties, one.delivery), settings.queue(), anew.returns());
      Failure reason = new Failure(anew.reason(), null);
      one.destination = new Destination(settings.queue(), properties, null, reason);
    }
    return one.destination;
  }

  private Destination failed(DeliveryInHand one, Failure failure, @Nullable Duration delay) {
    String queue = delay == null ? settings.deadQueue() : retryQueues.queueOf(delay);
    BasicProperties properties =
        failure.addedTo(Origin.addedTo(one.properties, one.delivery), settings.queue(), delay);
    return new Destination(queue, properties, delay, failure);
  }

  /** False if this failed and the delivery is held. */
  private boolean remember(DeliveryInHand one) {
    String id = one.id();
    if (id == null || !settings.remembers()) {
      return true;
    }
    boolean interrupted = Thread.currentThread().isInterrupted();
    try {
      settings.completedDeliveries().add(id);
      return true;
    } catch (Throwable e) {
      one.result = new EnvironmentFailed(Attempt.memoryFailed(e), Step.REMEMBER);
      hold(one);
      return false;
    } finally {
      if (!interrupted) {
        Thread.interrupted(); // an interrupt flag that user code left behind is not meant for us
      }
    }
  }

  /** Acknowledges all deliveries of a channel at once. */
  private void acknowledge(List<DeliveryInHand> done) {
    for (int from = 0; from < done.size(); ) {
      ConsumerSession session = done.get(from).session;
      int to = from + 1;
      while (to < done.size() && done.get(to).session == session) {
        to++;
      }
      List<DeliveryInHand> ofOne = done.subList(from, to);
      from = to;
      String lost = settleAt(session, window -> ofOne.forEach(one -> window.ack(one.tag)));
      for (DeliveryInHand one : ofOne) {
        if (lost == null) {
          finished(one);
        } else {
          giveBack(one, lost);
        }
      }
    }
  }

  /** The reason of the failure; null on success. */
  private static @Nullable String settleAt(ConsumerSession session, Consumer<AckWindow> what) {
    try {
      session.settle(what);
      return null;
    } catch (IOException | ShutdownSignalException e) {
      return "the connection was lost before the acknowledgement: " + Reasons.of(e);
    } catch (Throwable e) {
      String reason = "the acknowledgement failed: " + Described.of(e);
      session.fail(reason); // unacknowledged deliveries must not stay here
      return reason;
    }
  }

  private void finished(DeliveryInHand one) {
    free(one);
    works.passed(one);
    AttemptResult result = one.result;
    Destination destination = one.destination;
    if (destination != null) {
      moved(one, destination);
    } else if (result instanceof AttemptResult.Completed) {
      news.completed(one);
    } else if (result instanceof AttemptResult.Duplicate) {
      news.duplicate(one);
    } else if (result instanceof AttemptResult.Rejected rejected) {
      news.dropped(one, rejected.failure().reason());
    }
  }

  private void moved(DeliveryInHand one, Destination to) {
    if (to.delay() != null) {
      news.retried(one, to.delay(), to.failure());
    } else if (to.queue().equals(settings.queue())) {
      news.givenBack(one, to.failure().reason());
    } else {
      news.dead(one, to.failure());
    }
  }

  private void move(List<DeliveryInHand> failed) {
    List<DeliveryInHand> moving = new ArrayList<>(failed.size());
    List<Move> moves = new ArrayList<>(failed.size());
    for (DeliveryInHand one : failed) {
      Destination to = one.destination;
      if (one.session.isLost()) {
        giveBack(one, "the connection was lost"); // else it would exist twice
      } else if (to != null) {
        moves.add(new Move(to.queue(), to.properties(), one.delivery.sharedBody()));
        moving.add(one);
      }
    }
    List<DeliveryInHand> moved = new ArrayList<>(moving.size());
    List<Outcome> outcomes = retryQueues.move(moves);
    for (int i = 0; i < moving.size(); i++) {
      DeliveryInHand one = moving.get(i);
      Outcome outcome = outcomes.get(i);
      if (outcome.isConfirmed()) {
        works.moved();
        moved.add(one);
      } else {
        Obstacle.Kind kind =
            outcome.status().isTransportTrouble()
                ? Obstacle.Kind.MOVES
                : Obstacle.Kind.MOVE_REFUSED;
        String reason = "cannot be moved to " + moves.get(i).queue() + ": " + outcome;
        one.result = new EnvironmentFailed(new Obstacle(kind, reason), Step.MOVE);
        hold(one);
      }
    }
    acknowledge(moved);
  }

  private void hold(DeliveryInHand one) {
    try {
      held.hold(one);
    } catch (Throwable e) { // for example no memory; the channel's end returns it
      one.session.fail("a delivery could not be held: " + Described.of(e));
      giveBack(one, Described.of(e));
    }
  }

  /** Returns one delivery to the queue; a quorum queue counts this. */
  void returnToQueue(DeliveryInHand one, String reason) {
    settleAt(one.session, window -> window.nack(one.tag));
    giveBack(one, reason);
  }

  /** For a delivery that the broker has again, or will have when the channel is closed. */
  void giveBack(DeliveryInHand one, String reason) {
    one.forgetEvents();
    free(one);
    works.gone(one);
    news.givenBack(one, reason);
  }

  private void free(DeliveryInHand one) {
    if (one.ownsId) {
      inProgress.end(one);
      works.idIsFree();
    }
  }
}
