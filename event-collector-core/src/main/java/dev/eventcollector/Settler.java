package dev.eventcollector;

import dev.eventcollector.Settlement.Decision;
import dev.eventcollector.Settlement.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the decisions of {@link Settlement}: in the backlog, in the ledger, in each entry.
 * Guarded by the {@link OwedEvents}' lock.
 */
final class Settler {

  private final Backlog backlog;
  private final Ledger ledger;
  private final Backoff backoff;
  private final int maxAttempts;

  Settler(Backlog backlog, Ledger ledger, CollectorSettings settings) {
    this.backlog = backlog;
    this.ledger = ledger;
    this.backoff = settings.backoff();
    this.maxAttempts = settings.maxAttempts();
  }

  /**
   * The result of an attempt, to be announced outside of the lock.
   *
   * @param trouble the first transport failure; null when the transport works
   * @param newlyRefused events that were refused for the first time
   * @param withdrawn events that were withdrawn during the attempt
   */
  record Settled(
      @Nullable Outcome trouble,
      List<OwedEvent> newlyRefused,
      List<UndeliverableEvent> givenUp,
      List<Event> withdrawn) {}

  /** After an attempt of the thread that publishes the events. */
  Settled first(List<OwedEvent> events, List<Outcome> outcomes, boolean terminated) {
    return settle(events, outcomes, false, terminated);
  }

  /** After an attempt with events that were taken from the backlog. */
  Settled again(List<OwedEvent> taken, List<Outcome> outcomes, boolean terminated) {
    return settle(taken, outcomes, true, terminated);
  }

  private Settled settle(
      List<OwedEvent> events, List<Outcome> outcomes, boolean inBacklog, boolean terminated) {
    List<UndeliverableEvent> givenUp = new ArrayList<>();
    List<OwedEvent> newlyRefused = new ArrayList<>();
    List<OwedEvent> stillInOrder = new ArrayList<>();
    List<Event> withdrawn = new ArrayList<>();
    @Nullable Outcome trouble = null;
    long now = System.nanoTime();
    for (int i = 0; i < events.size(); i++) {
      OwedEvent owed = events.get(i);
      Outcome outcome = outcomes.get(i);
      if (owed.state != OwedEvent.State.WAITING) {
        continue; // close() handed it over during its retry
      }
      if (outcome.status().isTransportTrouble() && trouble == null) {
        trouble = outcome;
      }
      Standing standing = new Standing(owed.refusals, owed.aside, inBacklog, terminated);
      Decision decision = Settlement.decide(standing, outcome.status(), maxAttempts);
      if (!terminated || !inBacklog || outcome.status() != Outcome.Status.NOT_SENT) {
        owed.outcome = afterOutcome(owed.outcome, outcome);
      } // otherwise close() interrupted it: the earlier reason counts
      owed.attempts++;
      if (owed.withdrawing && decision != Decision.CONFIRMED) {
        withdraw(owed, withdrawn);
        continue;
      }
      if (outcome.status().isRefusal()) {
        if (owed.refusals + owed.unanswered == 0) {
          newlyRefused.add(owed);
        }
        count(owed, outcome.status());
      }
      switch (decision) {
        case CONFIRMED -> confirm(owed);
        case KEEP_IN_ORDER -> stillInOrder.add(owed);
        case SET_ASIDE -> setAside(owed, now + backoff.nanosAfter(owed.refusals + owed.unanswered));
        case KEEP_ASIDE -> backlog.setAside(owed);
        case GIVE_UP_AS_REFUSED ->
            giveUp(owed, "refused by the broker " + owed.refusals + " times", givenUp);
        case GIVE_UP_AS_TOO_LATE ->
            giveUp(owed, "published after the event collector was closed", givenUp);
      }
    }
    if (inBacklog) {
      backlog.putBack(stillInOrder);
    } else {
      stillInOrder.forEach(backlog::append);
    }
    return new Settled(trouble, newlyRefused, givenUp, withdrawn);
  }

  /** An event that may have been sent stays one, even if a later attempt did not send it. */
  private static Outcome afterOutcome(Outcome before, Outcome now) {
    return before.status() == Outcome.Status.UNKNOWN && now.status() == Outcome.Status.NOT_SENT
        ? Outcome.unknown(now.reason())
        : now;
  }

  private static void count(OwedEvent owed, Outcome.Status refusal) {
    if (refusal == Outcome.Status.UNANSWERED) {
      owed.unanswered++;
    } else {
      owed.refusals++;
    }
  }

  private void confirm(OwedEvent owed) {
    owed.state = OwedEvent.State.CONFIRMED;
    ledger.confirmed(owed.event);
  }

  private void setAside(OwedEvent owed, long dueAt) {
    owed.dueAt = dueAt;
    backlog.setAside(owed);
  }

  private void giveUp(OwedEvent owed, String reason, List<UndeliverableEvent> givenUp) {
    owed.state = OwedEvent.State.UNDELIVERABLE;
    ledger.undeliverable(owed.event);
    givenUp.add(owed.undeliverable(reason));
  }

  /** Keeps events for which no attempt was made. */
  List<UndeliverableEvent> keep(List<OwedEvent> events, boolean terminated) {
    List<UndeliverableEvent> givenUp = new ArrayList<>();
    for (OwedEvent owed : events) {
      if (terminated) {
        giveUp(owed, "published after the event collector was closed", givenUp);
      } else {
        backlog.append(owed);
      }
    }
    return givenUp;
  }

  /** Withdraws waiting events now, and those that are being retried once their attempt fails. */
  List<Event> withdraw(Set<Event> wanted) {
    List<Event> withdrawn = new ArrayList<>();
    backlog.withdraw(wanted).forEach(owed -> withdraw(owed, withdrawn));
    return withdrawn;
  }

  private void withdraw(OwedEvent owed, List<Event> withdrawn) {
    owed.state = OwedEvent.State.WITHDRAWN;
    ledger.withdrawn(owed.event);
    withdrawn.add(owed.event);
  }

  /** Gives up all remaining events. */
  Settled giveUpEverything() {
    List<UndeliverableEvent> givenUp = new ArrayList<>();
    List<Event> withdrawn = new ArrayList<>();
    for (OwedEvent owed : backlog.removeAll()) {
      if (owed.withdrawing) {
        withdraw(owed, withdrawn);
      } else {
        giveUp(owed, "still owed when the event collector was closed", givenUp);
      }
    }
    return new Settled(null, List.of(), givenUp, withdrawn);
  }
}
