package dev.eventcollector.rabbitmq.soak;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.rabbitmq.DeadLetter;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The end of each delivery of a soak, by its body. A delivery may be handled again, and its event
 * so be there twice, for a reason that is counted here: it failed, it was given back, the broker
 * delivered it again, or the outcome of its event was unknown.
 */
final class WorkerRecord implements RabbitMqWorkerListener, EventCollectorListener {

  private final Set<String> completed = ConcurrentHashMap.newKeySet();
  private final Set<String> dead = ConcurrentHashMap.newKeySet();
  private final Set<String> dropped = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicLong> reasons = new ConcurrentHashMap<>();
  private final AtomicLong handled = new AtomicLong();
  private final AtomicLong retried = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong givenBack = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();

  void handling(Delivery delivery) {
    handled.incrementAndGet();
    if (delivery.redelivered()) {
      reason(delivery.bodyAsText());
    }
  }

  private void reason(String body) {
    reasons.computeIfAbsent(body, key -> new AtomicLong()).incrementAndGet();
  }

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    completed.add(delivery.bodyAsText());
  }

  @Override
  public void onRetry(Delivery delivery, Duration delay, String reason) {
    retried.incrementAndGet();
    reason(delivery.bodyAsText());
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    dead.add(delivery.bodyAsText());
  }

  @Override
  public void onDropped(Delivery delivery, String reason) {
    dropped.add(delivery.bodyAsText());
  }

  @Override
  public void onHeld(Delivery delivery, String reason) {
    held.incrementAndGet();
  }

  @Override
  public void onGivenBack(Delivery delivery, String reason) {
    givenBack.incrementAndGet();
    reason(delivery.bodyAsText());
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      if (outcomes.get(i).status() == Outcome.Status.UNKNOWN
          || outcomes.get(i).status() == Outcome.Status.UNANSWERED) {
        unknown.incrementAndGet();
        reason(events.get(i).bodyAsText());
      }
    }
  }

  /** How many deliveries have no end yet. */
  long open(Map<String, Deed> sent) {
    return sent.keySet().stream()
        .filter(body -> !completed.contains(body) && !dead.contains(body))
        .filter(body -> !dropped.contains(body))
        .count();
  }

  /** The problem. */
  List<String> violations(
      Map<String, Deed> sent, Collection<DeadLetter> letters, Collection<String> arrived) {
    Map<String, Integer> arrivals = new HashMap<>();
    arrived.forEach(body -> arrivals.merge(body, 1, Integer::sum));
    Map<String, String> parked = new HashMap<>();
    letters.forEach(one -> parked.put(one.delivery().bodyAsText(), one.reason()));
    List<String> wrong = new ArrayList<>();
    sent.forEach(
        (body, deed) -> {
          int times = arrivals.getOrDefault(body, 0);
          String reason = parked.get(body);
          AtomicLong explained = reasons.getOrDefault(body, new AtomicLong());
          if (reason != null && !deed.explains(reason)) {
            wrong.add(body + " is dead, which is not its fault: " + reason);
          }
          if (deed.fate() == Deed.Fate.DEAD && reason == null) {
            wrong.add(body + " is not among the dead letters");
          }
          if (deed.fate() == Deed.Fate.COMPLETED && times == 0) {
            wrong.add(body + " was lost, or its event");
          }
          if (deed.fate() != Deed.Fate.COMPLETED && times > 0) {
            wrong.add(body + " has published although it failed");
          }
          if (times - 1 > explained.get()) {
            wrong.add(body + " has published " + times + " times; reasons for it: " + explained);
          }
        });
    return wrong;
  }

  /** One line of figures. */
  String describe(Map<String, Deed> sent, int letters, Collection<String> arrived) {
    return String.format(
        Locale.ROOT,
        "sent=%d handled=%d completed=%d dead=%d dropped=%d retried=%d held=%d given-back=%d"
            + " events=%d duplicates=%d unknown-outcomes=%d",
        sent.size(),
        handled.get(),
        completed.size(),
        letters,
        dropped.size(),
        retried.get(),
        held.get(),
        givenBack.get(),
        arrived.size(),
        arrived.size() - arrived.stream().distinct().count(),
        unknown.get());
  }
}
