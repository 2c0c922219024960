package dev.eventcollector.examples.faktory;

import dev.eventcollector.Outcome;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Jobs that are pushed by one {@code PUSHB}, and what the server says of each. */
final class PushPart {

  /** The most that Faktory advises. */
  private static final int MAX_JOBS = 1_000;

  /** Both sides hold a command as a whole, and the server has five seconds for it. */
  private static final int ENOUGH_BYTES = 4 * 1024 * 1024;

  private final List<String> jids = new ArrayList<>();
  private final Set<String> distinct = new HashSet<>();
  private final ByteArrayOutputStream json = new ByteArrayOutputStream();

  /** Whether the job goes into this part; answers name jobs by jid, so each has it once only. */
  boolean takes(String jid, byte[] job) {
    return jids.isEmpty()
        || (jids.size() < MAX_JOBS
            && json.size() + job.length <= ENOUGH_BYTES
            && !distinct.contains(jid));
  }

  void add(String jid, byte[] job) {
    json.write(jids.isEmpty() ? '[' : ',');
    json.writeBytes(job);
    jids.add(jid);
    distinct.add(jid);
  }

  int size() {
    return jids.size();
  }

  /** The argument of the command. */
  byte[] argument() {
    json.write(']');
    return json.toByteArray();
  }

  /** One outcome per job. */
  List<Outcome> outcomes(Reply reply) throws FaktoryException {
    if (reply instanceof Reply.Failure failure) {
      return all(ofAll(failure.message()));
    }
    Map<String, String> failed =
        reply instanceof Reply.Bulk bulk && !bulk.isEmpty() ? failed(bulk.bytes()) : null;
    if (failed == null || !distinct.containsAll(failed.keySet())) {
      throw new FaktoryException("the server answers PUSHB with " + reply.description());
    }
    List<Outcome> outcomes = new ArrayList<>(jids.size());
    for (String jid : jids) {
      String message = failed.get(jid);
      outcomes.add(message == null ? Outcome.confirmed() : ofOne(message));
    }
    return outcomes;
  }

  /** The server's reasons by jid; null when it is something else. */
  private static @Nullable Map<String, String> failed(byte @Nullable [] answer) {
    Map<String, String> failed = new HashMap<>();
    try (JsonParser parser = Json.parser(answer == null ? new byte[0] : answer)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      for (String jid = parser.nextName(); jid != null; jid = parser.nextName()) {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          return null;
        }
        failed.put(jid, parser.getString());
      }
      return parser.currentToken() == JsonToken.END_OBJECT ? failed : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static Outcome ofOne(String message) {
    if (ServerErrors.isAboutTheJob(message)) {
      return Outcome.refused(message);
    }
    return ServerErrors.isAboutRedis(message) ? Outcome.unknown(message) : Outcome.nacked(message);
  }

  /** When the server carried out none of it: alone, a job is refused; among others, any may be. */
  private Outcome ofAll(String message) {
    if (ServerErrors.isAboutTheConnection(message)) {
      return Outcome.notSent(message);
    }
    return jids.size() == 1 && message.startsWith("invalid JSON")
        ? Outcome.refused(message)
        : Outcome.unknown(message);
  }

  List<Outcome> all(Outcome outcome) {
    return java.util.Collections.nCopies(jids.size(), outcome);
  }
}
