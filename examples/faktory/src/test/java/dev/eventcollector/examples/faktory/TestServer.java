package dev.eventcollector.examples.faktory;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/**
 * A server that tests run against, seen through its protocol only, with queues of the test's own.
 */
final class TestServer implements AutoCloseable {

  private final String url;
  private final FaktoryConnection connection;
  private final List<String> queues = new ArrayList<>();

  TestServer(String url) {
    this.url = url;
    this.connection = connect(url, null);
  }

  /** Again and again: a server gives us two seconds to greet, which a busy machine may not have. */
  static FaktoryConnection connect(String url, Hello.@Nullable Identity identity) {
    Hello hello = new Hello(ServerAddress.parse(url, "url"), identity);
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreException(EOFException.class)
        .until(() -> FaktoryConnection.open(hello, null, new Watchdog(), in(10)), Objects::nonNull);
  }

  static long in(int seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  String url() {
    return url;
  }

  String newQueue() {
    String queue = "test-" + UUID.randomUUID();
    queues.add(queue);
    return queue;
  }

  Reply call(String verb, String argument) {
    try {
      return connection.call(verb, argument.getBytes(StandardCharsets.UTF_8), in(10), null);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The next job, acknowledged; null when there is none. */
  @Nullable FetchedJob take(String queue) {
    String json = takeJson(queue);
    if (json == null) {
      return null;
    }
    try {
      return JobReader.read(json.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedJobException e) {
      throw new AssertionError(e);
    }
  }

  @Nullable String takeJson(String queue) {
    Reply.Bulk job = (Reply.Bulk) call("FETCH", queue);
    if (job.isEmpty()) {
      return null;
    }
    String json = job.text();
    String jid = json.replaceAll("(?s).*\"jid\":\"([^\"]*)\".*", "$1");
    call("ACK", "{\"jid\":\"" + jid + "\"}");
    return json;
  }

  /** How many jobs wait in the queue. */
  int size(String queue) {
    String info = ((Reply.Bulk) call("INFO", "")).text();
    try (JsonParser json = Json.parser(info.getBytes(StandardCharsets.UTF_8))) {
      while (json.nextToken() != null) {
        if (queue.equals(json.currentName()) && json.nextToken().isNumeric()) {
          return json.getIntValue();
        }
      }
    }
    return 0;
  }

  /** Puts what waits there at once into its queue again: {@code retries} or {@code dead}. */
  void requeue(String from, String queue) {
    mutate("requeue", from, queue);
  }

  private void mutate(String what, String set, String queue) {
    Reply reply =
        call(
            "MUTATE",
            "{\"cmd\":\"%s\",\"target\":\"%s\",\"filter\":{\"regexp\":\"*%s*\"}}"
                .formatted(what, set, queue));
    if (!reply.isOk()) {
      throw new AssertionError(reply.description());
    }
  }

  @Override
  public void close() {
    for (String queue : queues) {
      mutate("discard", "retries", queue);
      mutate("discard", "dead", queue);
      call("QUEUE", "REMOVE " + queue);
    }
    connection.tearDown();
  }
}
