package dev.eventcollector.examples.forwarder.forwarding;

import org.slf4j.spi.LoggingEventBuilder;

/**
 * The counts of all records. They add up: {@code received + foundInSpool = forwarded + held + lost
 * + spooled + setAside}, but for the moment in which a batch changes from one to another.
 *
 * @param received accepted by POST /log since the start
 * @param foundInSpool in the spool file at the start
 * @param forwarded accepted by the sink
 * @param held in memory
 * @param lost given up, without a spool file to take them
 * @param spooled in the spool file now
 * @param setAside refused by the sink, and moved to a file of their own
 */
public record Totals(
    long received,
    long foundInSpool,
    long forwarded,
    long held,
    long lost,
    long spooled,
    long setAside) {

  /** Adds them to a line of the log. */
  public LoggingEventBuilder addTo(LoggingEventBuilder event) {
    return event
        .addKeyValue("received", received)
        .addKeyValue("found_in_spool", foundInSpool)
        .addKeyValue("forwarded", forwarded)
        .addKeyValue("held", held)
        .addKeyValue("lost", lost)
        .addKeyValue("spooled", spooled)
        .addKeyValue("set_aside", setAside);
  }
}
