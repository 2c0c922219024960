package dev.eventcollector.examples.faktory;

import dev.eventcollector.rabbitmq.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a worker tells. */
final class Told implements FaktoryWorkerListener {

  final List<String> all = new CopyOnWriteArrayList<>();

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    all.add("completed " + delivery.bodyAsText());
  }

  @Override
  public void onDuplicate(Delivery delivery) {
    all.add("duplicate " + delivery.bodyAsText());
  }

  @Override
  public void onRetry(Delivery delivery, String reason) {
    all.add("retry " + delivery.bodyAsText() + ": " + reason);
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    all.add("dead " + delivery.bodyAsText() + ": " + reason);
  }

  @Override
  public void onDropped(Delivery delivery, String reason) {
    all.add("dropped " + delivery.bodyAsText() + ": " + reason);
  }

  @Override
  public void onUnanswered(Delivery delivery, String reason) {
    all.add("unanswered " + delivery.bodyAsText() + ": " + reason);
  }

  @Override
  public void onTerminated() {
    all.add("terminated");
  }
}
