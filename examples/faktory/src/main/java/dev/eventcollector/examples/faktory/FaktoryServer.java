package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Asks a Faktory server about its queues and sets, and changes its sets, as the server's own page
 * does. The protocol cannot list the jobs of a set.
 *
 * <pre>{@code
 * FaktoryServer server = FaktoryServer.at("tcp://:password@host:7419");
 * long dead = server.info().dead();
 * server.requeueAll(FaktoryServer.JobSet.DEAD);
 * }</pre>
 *
 * <p>Safe for use by many threads. Each call opens a connection, and takes at most ten seconds.
 */
public final class FaktoryServer {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final List<String> QUEUES = List.of("faktory", "queues");
  private static final List<String> SETS = List.of("faktory", "sets");
  private static final List<String> TOTALS = List.of("faktory");

  /** Redis would read others as wildcards, and JSON may have them escaped. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/-]+");

  /** Jobs that are in no queue. */
  public enum JobSet {
    /** They have failed, and wait for their next attempt. */
    RETRIES,
    /** They wait for their time. */
    SCHEDULED,
    /** They have failed for good. */
    DEAD
  }

  /**
   * How many jobs there are.
   *
   * @param queues waiting, by the name of the queue; an empty queue can be missing
   * @param working reserved by workers
   * @param failures attempts that have failed so far, of all jobs
   */
  public record Info(
      Map<String, Long> queues,
      long retries,
      long scheduled,
      long dead,
      long working,
      long failures) {}

  private final Connector connector;

  private FaktoryServer(Connector connector) {
    this.connector = connector;
  }

  /**
   * The server at an address; nothing is connected to before the first call.
   *
   * @throws IllegalArgumentException when it is none; the message does not show the password
   */
  public static FaktoryServer at(String url) {
    Connector.Options options = new Connector.Options();
    options.url = url;
    List<String> problems = new ArrayList<>();
    Connector connector = options.connector(null, problems);
    if (connector == null || !problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new FaktoryServer(connector);
  }

  /**
   * Counts.
   *
   * @throws IOException when the server cannot be reached or does not answer
   */
  public Info info() throws IOException {
    Reply reply = call("INFO", null);
    if (!(reply instanceof Reply.Bulk bulk) || bulk.isEmpty()) {
      throw new FaktoryException(connector + " answers INFO with " + reply.description());
    }
    try (JsonParser json = Json.parser(bulk.text().getBytes(StandardCharsets.UTF_8))) {
      Map<String, Long> queues = new TreeMap<>();
      Map<String, Long> others = new TreeMap<>();
      read(json, queues, others);
      return new Info(
          Map.copyOf(queues),
          others.getOrDefault("retries", 0L),
          others.getOrDefault("scheduled", 0L),
          others.getOrDefault("dead", 0L),
          others.getOrDefault("working", 0L),
          others.getOrDefault("total_failures", 0L));
    } catch (JacksonException e) {
      throw new FaktoryException(connector + " answers INFO with what is no JSON");
    }
  }

  /** Numbers of objects in objects; all else says nothing here. */
  private static void read(JsonParser json, Map<String, Long> queues, Map<String, Long> others) {
    List<String> path = new ArrayList<>();
    json.nextToken();
    for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
      if (token == JsonToken.END_OBJECT && !path.isEmpty()) {
        path.remove(path.size() - 1);
      } else if (token == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (value == JsonToken.START_OBJECT) {
          path.add(name);
        } else if (value != JsonToken.VALUE_NUMBER_INT) {
          json.skipChildren();
        } else if (path.equals(QUEUES)) {
          queues.put(name, json.getLongValue());
        } else if (path.equals(SETS) || path.equals(TOTALS)) {
          others.put(name, json.getLongValue());
        }
      }
    }
  }

  /**
   * Puts all jobs of a set back into their queues, to be worked on at once. A dead job that fails
   * again is dead again at once, because Faktory goes on counting its failures.
   *
   * @throws IOException when the server cannot be reached or refuses; some may be requeued
   */
  public void requeueAll(JobSet set) throws IOException {
    mutate("requeue", set, "*");
  }

  /**
   * As {@link #requeueAll}, for the jobs of one event, or for one job of another program. Does
   * nothing when there is none.
   *
   * @param messageId the event's id, or the jid
   * @throws IllegalArgumentException when the id has other characters than letters, digits and
   *     {@code _ . : / -}, which Faktory cannot look for
   */
  public void requeue(JobSet set, String messageId) throws IOException {
    mutateOne("requeue", set, messageId);
  }

  /**
   * Removes all jobs of a set for good.
   *
   * @throws IOException when the server cannot be reached or refuses; some may be gone
   */
  public void discardAll(JobSet set) throws IOException {
    mutate("discard", set, "*");
  }

  /** As {@link #discardAll}, for the jobs of one event, as of {@link #requeue}. */
  public void discard(JobSet set, String messageId) throws IOException {
    mutateOne("discard", set, messageId);
  }

  /** An event's job has the message id in its JSON; of any other job the message id is the jid. */
  private void mutateOne(String command, JobSet set, String messageId) throws IOException {
    if (!PLAIN.matcher(messageId).matches()) {
      throw new IllegalArgumentException(
          "messageId must be letters, digits and _ . : / - for Faktory to look for it");
    }
    mutate(command, set, String.format(Locale.ROOT, "*\"%s\":\"%s\"*", Envelope.ID, messageId));
    mutate(
        command,
        set,
        filter -> {
          filter.writeName("jids");
          filter.writeStartArray();
          filter.writeString(messageId);
          filter.writeEndArray();
        });
  }

  private void mutate(String command, JobSet set, String pattern) throws IOException {
    mutate(command, set, filter -> filter.writeStringProperty("regexp", pattern));
  }

  private void mutate(String command, JobSet set, Json.Fields filter) throws IOException {
    byte[] argument =
        Json.object(
            json -> {
              json.writeStringProperty("cmd", command);
              json.writeStringProperty("target", set.name().toLowerCase(Locale.ROOT));
              json.writeName("filter");
              json.writeStartObject();
              filter.write(json);
              json.writeEndObject();
            });
    Reply reply = call("MUTATE", argument);
    if (!reply.isOk()) {
      throw new FaktoryException(connector + " answers MUTATE with " + reply.description());
    }
  }

  private Reply call(String verb, byte @Nullable [] argument) throws IOException {
    FaktoryConnection connection = connector.open();
    try {
      long deadline = System.nanoTime() + TIMEOUT.toNanos();
      return argument == null
          ? connection.call(verb, deadline)
          : connection.call(verb, argument, deadline, null);
    } finally {
      connection.end(System.nanoTime() + TIMEOUT.toNanos());
    }
  }

  /** Where it is, without the password. */
  @Override
  public String toString() {
    return "FaktoryServer[" + connector + "]";
  }
}
