package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts the app's work, from the requests to the workflow runs, as meters too. */
public final class Counters implements EventCollectorListener, RabbitMqWorkerListener {

  /** How an attempt to handle a delivery can end. */
  public enum Handling {
    /** The broker has all of its workflow runs. */
    COMPLETED,
    /** It had been completed before. */
    DUPLICATE,
    /** It will be tried again. */
    RETRIED,
    /** It will not be tried again, and somebody has to look at it. */
    DEAD,
    /** It is not to be handled. */
    DROPPED,
    /** The connection was lost meanwhile; it comes again. */
    GIVEN_BACK
  }

  /** Requests to the webhook, by the status of the answer. */
  public final Tally<Integer> answers;

  /** Deliveries that came out of the queue. */
  public final Tally<Handling> handled;

  /** Dead deliveries that somebody has put back into the queue. */
  public final LongAdder requeued = new LongAdder();

  private final LongAdder beingRequeued = new LongAdder();

  /** Events by their queue. */
  public final Tally<String> enqueued;

  /** Events by their queue. */
  public final Tally<String> confirmed;

  private final Timer handling;

  public Counters(MeterRegistry registry) {
    answers =
        Tally.metered(
            registry,
            "webhooks.answers",
            "Requests to the webhook, by the status of the answer.",
            "status");
    handled =
        Tally.metered(
            registry,
            "webhooks.deliveries.handled",
            "Deliveries that came out of the queue, by how their handling ended.",
            "outcome");
    FunctionCounter.builder("webhooks.deliveries.requeued", requeued, LongAdder::sum)
        .description("Dead deliveries that somebody has put back into the queue.")
        .register(registry);
    enqueued = Tally.metered(registry, "events.enqueued", "Events collected.", "queue");
    confirmed =
        Tally.metered(
            registry, "events.confirmed", "Events that the broker has confirmed.", "queue");
    handling =
        Timer.builder("webhooks.handling")
            .description("How long completed deliveries took.")
            .register(registry);
  }

  @Override
  public void onEnqueued(Event event) {
    enqueued.add(event.queue());
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      if (outcomes.get(i).isConfirmed()) {
        confirmed.add(events.get(i).queue());
      }
    }
  }

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    handled.add(Handling.COMPLETED);
    handling.record(took);
  }

  @Override
  public void onDuplicate(Delivery delivery) {
    handled.add(Handling.DUPLICATE);
  }

  @Override
  public void onRetry(Delivery delivery, Duration delay, String reason) {
    handled.add(Handling.RETRIED);
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    handled.add(Handling.DEAD);
  }

  @Override
  public void onDropped(Delivery delivery, String reason) {
    handled.add(Handling.DROPPED);
  }

  @Override
  public void onGivenBack(Delivery delivery, String reason) {
    handled.add(Handling.GIVEN_BACK);
  }

  /**
   * To be opened before deliveries are put back into the queue: until it is closed, all that it may
   * put back are among the unhandled, because the worker may be quicker than {@link Requeue#done}.
   */
  public Requeue requeue(int atMost) {
    return new Requeue(atMost);
  }

  /** Deliveries that are being put back into the queue. */
  public final class Requeue implements AutoCloseable {

    private final int atMost;

    private Requeue(int atMost) {
      this.atMost = atMost;
      beingRequeued.add(atMost);
    }

    /** So many are in the queue again. */
    public void done(int count) {
      requeued.add(count);
    }

    @Override
    public void close() {
      beingRequeued.add(-atMost);
    }
  }

  /** Whether there is anything to be published or handled. */
  public boolean isAnyLeft(LongSupplier owed) {
    return owed.getAsLong() > 0 || unhandled() > 0; // an owed one becomes an unhandled one
  }

  /**
   * How many deliveries were queued by this process and are neither completed nor dead. It is read
   * against the way that a delivery takes, so that none is missed while it goes on.
   */
  public long unhandled() {
    long ended =
        handled.count(Handling.COMPLETED)
            + handled.count(Handling.DUPLICATE)
            + handled.count(Handling.DROPPED)
            + handled.count(Handling.DEAD);
    long requeues = beingRequeued.sum() + requeued.sum();
    return confirmed.count(Queues.GITHUB_EVENTS) + requeues - ended;
  }
}
