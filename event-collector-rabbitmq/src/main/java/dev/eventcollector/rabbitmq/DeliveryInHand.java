package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.internal.SafeLog;
import dev.eventcollector.rabbitmq.AttemptResult.EnvironmentFailed;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A delivery from the moment the broker hands it out until it is acknowledged or given back.
 *
 * <p>One thread has it at a time; the locks of the queues it goes through publish its state.
 */
final class DeliveryInHand {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  final ConsumerSession session;
  final long tag;
  final BasicProperties properties;
  final Delivery delivery;
  final long receivedNanos = System.nanoTime();

  @Nullable AttemptResult result;

  /** Of the collector that the attempt has used. */
  @Nullable UnitsOfWork units;

  @Nullable UnitOfWork unit;
  @Nullable PublishReport report;

  /** When the latest attempt began. */
  long beganNanos;

  /** Whether it may have ended its process, as far as its session knows. */
  boolean suspect;

  /** Whether it occupies its message id among the deliveries in progress. */
  boolean ownsId;

  /** Where it goes instead of being acknowledged. */
  Settling.@Nullable Destination destination;

  /** Why it is, or was last, held; and since when. */
  @Nullable Obstacle obstacle;

  long heldSinceNanos;
  int tries;
  int relapses;
  long passesSeen = -1;
  long failuresSeen;
  long nextTryNanos;

  DeliveryInHand(
      ConsumerSession session,
      Envelope envelope,
      String queue,
      BasicProperties properties,
      byte[] body) {
    this.session = session;
    this.tag = envelope.getDeliveryTag();
    this.properties = properties;
    this.delivery = Failure.deliveryOf(queue, envelope, properties, body);
  }

  /** Null also for an empty one, which many messages of other programs may share. */
  @Nullable String id() {
    String id = delivery.messageId();
    return id == null || id.isEmpty() ? null : id;
  }

  /** Whether it is held, or was before it was to be handled again. */
  boolean wasHeld() {
    return obstacle != null;
  }

  /** Whether it is held until its handler can be called. */
  boolean isToBeHandled() {
    return result instanceof EnvironmentFailed failed && failed.step() == Step.HANDLE;
  }

  /** Whether it is held until its events are confirmed. */
  boolean waitsForConfirms() {
    return result instanceof EnvironmentFailed failed && failed.step() == Step.PUBLISH;
  }

  boolean isHeldFor(Obstacle.Kind kind) {
    return result instanceof EnvironmentFailed failed && failed.obstacle().kind() == kind;
  }

  /**
   * Gives up the events that the handler has collected: none is published or retried. Throws
   * nothing, whatever listeners of units throw: the delivery still has to be settled.
   */
  void forgetEvents() {
    UnitOfWork ofAttempt = unit;
    UnitsOfWork all = units;
    PublishReport published = report;
    unit = null;
    report = null;
    try {
      if (published != null && all != null && !published.allSafe()) {
        all.withdraw(published);
      } else if (ofAttempt != null) {
        ofAttempt.close();
      }
    } catch (Throwable e) { // an open unit is found when nothing refers to it any more
      String reason = Described.of(e);
      SafeLog.withoutThrowable(
          () -> LOGGER.warn("The events of {} could not be dropped: {}", delivery, reason));
    }
  }

  @Override
  public String toString() {
    return delivery.toString();
  }
}
