package dev.eventcollector.examples.faktory;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to Faktory: each event is a job of its queue, and a chunk is one {@code PUSHB}, or
 * several of at most 1,000 jobs.
 *
 * <pre>{@code
 * var publisher = FaktoryEventPublisher.builder().url("tcp://:password@host:7419").build();
 * EventCollectors.install(publisher);
 * }</pre>
 *
 * <p><b>Confirmed is less here than with RabbitMQ.</b> Faktory answers once its Redis holds the job
 * in memory; by default it writes to disk every 30 to 120 seconds. A job that was confirmed within
 * that time is lost when the server dies. Configure its Redis to write each change to disk where
 * that matters.
 *
 * <p>The event's body is the only argument of the job, as text, or in Base64 when it is not UTF-8.
 * Its id, content type and headers are in {@code custom}; header values travel as text. The jid is
 * derived from the event, so a job that is pushed again, because no answer came, has the same.
 * Faktory does not deduplicate: such a job can be there twice.
 *
 * <p>Safe for use by many threads, each of which has a connection of its own while it publishes. It
 * connects when the first chunk is published, and again when a connection was lost.
 */
public final class FaktoryEventPublisher implements EventPublisher {

  private final JobWriter writer;
  private final ConnectionPool connections;
  private final String address;

  FaktoryEventPublisher(Connector connector, JobWriter writer, int maxConnections) {
    this.writer = writer;
    this.connections = new ConnectionPool(connector, maxConnections);
    this.address = connector.toString();
  }

  /** Starts to configure a publisher. */
  public static FaktoryEventPublisherBuilder builder() {
    return new FaktoryEventPublisherBuilder();
  }

  /**
   * Checks an event against what a Faktory job can carry: the queue's name, the size of the body
   * (at most 64 MiB), and headers that have a text form.
   */
  @Override
  public void validate(Event event) {
    JobLimits.check(event);
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    FaktoryConnection connection;
    try {
      connection = connections.take(deadline);
    } catch (IOException e) {
      return notSent(chunk.size(), Reasons.messageOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notSent(chunk.size(), "interrupted before anything was sent");
    }
    try {
      return new Push(connection, deadline).publish(chunk);
    } finally {
      connections.giveBack(connection);
    }
  }

  private static List<Outcome> notSent(int count, String reason) {
    return Collections.nCopies(count, Outcome.notSent(reason));
  }

  /** One chunk on its way. */
  private final class Push {

    private final FaktoryConnection connection;
    private final long deadline;
    private final List<@Nullable Outcome> outcomes = new ArrayList<>();
    private List<Integer> indexes = new ArrayList<>();
    private PushPart part = new PushPart();
    private @Nullable String broken;

    Push(FaktoryConnection connection, long deadline) {
      this.connection = connection;
      this.deadline = deadline;
    }

    List<Outcome> publish(List<Event> chunk) {
      for (int i = 0; i < chunk.size(); i++) {
        outcomes.add(null);
        try {
          JobLimits.check(chunk.get(i));
          add(i, Jid.of(chunk.get(i)), chunk.get(i));
        } catch (InvalidEventException e) {
          outcomes.set(i, Outcome.refused(Reasons.messageOf(e)));
        }
      }
      send();
      return outcomes.stream()
          .map(outcome -> outcome == null ? Outcome.unknown("it has no answer") : outcome)
          .toList();
    }

    private void add(int index, String jid, Event event) {
      if (broken != null) {
        outcomes.set(index, Outcome.notSent(broken));
        return;
      }
      byte[] job = writer.write(event, jid);
      if (!part.takes(jid, job)) {
        send();
        add(index, jid, event);
        return;
      }
      part.add(jid, job);
      indexes.add(index);
    }

    private void send() {
      if (part.size() > 0) {
        List<Outcome> answers = broken == null ? exchange() : part.all(Outcome.notSent(broken));
        for (int i = 0; i < answers.size(); i++) {
          outcomes.set(indexes.get(i), answers.get(i));
        }
      }
      part = new PushPart();
      indexes = new ArrayList<>();
    }

    private List<Outcome> exchange() {
      if (deadline - System.nanoTime() <= 0) {
        broken = "no time was left to send it";
        return part.all(Outcome.notSent(broken));
      }
      if (Thread.currentThread().isInterrupted()) {
        broken = "interrupted before it was sent";
        return part.all(Outcome.notSent(broken));
      }
      try {
        Reply reply = connection.call("PUSHB", part.argument(), deadline, Thread.currentThread());
        List<Outcome> answers = part.outcomes(reply);
        if (reply instanceof Reply.Failure failure) {
          broken = "an earlier part of the chunk failed: " + failure.message();
          connection.tearDown(); // it may be one that the server is closing
        }
        return answers;
      } catch (IOException e) {
        connection.tearDown();
        broken = "the connection was lost: " + Reasons.of(e);
        return part.all(Outcome.unknown(Reasons.of(e)));
      }
    }
  }

  /** Since when there is a connection for publishing; null while there is none. */
  public @Nullable Instant connectedSince() {
    return connections.connectedSince();
  }

  /** Closes the connections; takes half a second at most when the server does not read. */
  @Override
  public void close() {
    connections.close();
  }

  /** Tells the server's address, without the password. */
  @Override
  public String toString() {
    return "FaktoryEventPublisher[" + address + "]";
  }
}
