package dev.eventcollector.examples.webhooks;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Is told what happens on both sides of the queue. */
interface Observer extends EventCollectorListener, RabbitMqWorkerListener {

  /** Tells all of these, of what they are interested in. */
  static Observer all(Observer... observers) {
    return new All(List.of(observers));
  }

  /** Passes everything on. */
  record All(List<Observer> observers) implements Observer {

    private void tell(Consumer<Observer> what) {
      observers.forEach(what);
    }

    @Override
    public void onEnqueued(Event event) {
      tell(observer -> observer.onEnqueued(event));
    }

    @Override
    public void onOwed(List<Event> events) {
      tell(observer -> observer.onOwed(events));
    }

    @Override
    public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
      tell(observer -> observer.onAttempt(events, outcomes, took));
    }

    @Override
    public void onUndeliverable(UndeliverableEvent event) {
      tell(observer -> observer.onUndeliverable(event));
    }

    @Override
    public void onCompleted(Delivery delivery, Duration took) {
      tell(observer -> observer.onCompleted(delivery, took));
    }

    @Override
    public void onDuplicate(Delivery delivery) {
      tell(observer -> observer.onDuplicate(delivery));
    }

    @Override
    public void onRetry(Delivery delivery, Duration delay, String reason) {
      tell(observer -> observer.onRetry(delivery, delay, reason));
    }

    @Override
    public void onDead(Delivery delivery, String reason) {
      tell(observer -> observer.onDead(delivery, reason));
    }

    @Override
    public void onDropped(Delivery delivery, String reason) {
      tell(observer -> observer.onDropped(delivery, reason));
    }

    @Override
    public void onGivenBack(Delivery delivery, String reason) {
      tell(observer -> observer.onGivenBack(delivery, reason));
    }
  }
}
