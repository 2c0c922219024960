package dev.eventcollector.examples.jshell;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Prints a line for every answer of the broker. */
final class Narrator implements EventCollectorListener {

  private final PrintStream out;

  Narrator(PrintStream out) {
    this.out = out;
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      Outcome outcome = outcomes.get(i);
      if (outcome.isConfirmed()) {
        say("confirmed: %s %s (%d bytes)", event.queue(), event.id(), event.body().length);
      } else {
        say("not confirmed, will be tried again: %s %s %s", event.queue(), event.id(), outcome);
      }
    }
  }

  @Override
  public void onUndeliverable(UndeliverableEvent undeliverable) {
    say("given up: %s %s", undeliverable.event().queue(), undeliverable.event().id());
  }

  private void say(String line, Object... values) {
    out.println(String.format(Locale.ROOT, line, values));
    out.flush();
  }
}
