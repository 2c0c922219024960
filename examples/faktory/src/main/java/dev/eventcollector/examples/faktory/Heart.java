package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Tells the server that the worker lives, to the very end of it, and hears what the server wants it
 * to do. A worker that is silent for a minute is forgotten, and its connections are closed.
 */
final class Heart implements Runnable {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration END_TIMEOUT = Duration.ofMillis(200);
  private static final long AFTER_FAILURE = TimeUnit.SECONDS.toNanos(1);

  private final WorkerSettings settings;
  private final WorkerLink link;
  private final AtomicInteger generation;
  private final Supplier<FaktoryWorker.State> state;
  private final Consumer<FaktoryWorker.State> wish;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Does not beat yet.
   *
   * @param wish hears of what the server wants
   */
  Heart(
      WorkerSettings settings,
      WorkerLink link,
      AtomicInteger generation,
      Supplier<FaktoryWorker.State> state,
      Consumer<FaktoryWorker.State> wish) {
    this.settings = settings;
    this.link = link;
    this.generation = generation;
    this.state = state;
    this.wish = wish;
  }

  @Override
  public void run() {
    boolean over = false;
    while (!over) {
      long pause = settings.beatInterval().toNanos();
      try {
        if (!beat()) {
          pause = Math.min(pause, AFTER_FAILURE);
        }
      } catch (Throwable e) { // errors too: without a heart the worker is taken for dead
        LOGGER.error("a heartbeat had an unexpected failure", Reasons.printable(e));
      }
      try {
        over = ended.await(pause, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        LOGGER.debug("nobody interrupts a heart on purpose, so it goes on", e);
      }
    }
    link.end(END_TIMEOUT);
  }

  /** The worker is over. */
  void stop() {
    ended.countDown();
  }

  private boolean beat() {
    byte[] argument =
        Json.object(
            json -> {
              json.writeStringProperty("wid", settings.wid());
              json.writeNumberProperty("rss_kb", ProcessMemory.residentKilobytes());
              switch (state.get()) {
                case RUNNING -> {}
                case QUIET -> json.writeStringProperty("current_state", "quiet");
                case STOPPING, STOPPED -> json.writeStringProperty("current_state", "terminate");
              }
            });
    Reply reply;
    try {
      reply = link.call("BEAT", argument, TIMEOUT);
    } catch (IOException e) {
      LOGGER.debug("a heartbeat failed, and comes again", e);
      return false;
    }
    if (reply instanceof Reply.Failure failure) {
      if (failure.message().startsWith("unknown worker")) {
        generation.incrementAndGet(); // so that every connection introduces us anew
        LOGGER.warn("Faktory has forgotten this worker, which connects anew");
      } else {
        LOGGER.warn("Faktory answers a heartbeat with {}", failure.message());
      }
      link.tearDown();
      return false;
    }
    if (reply instanceof Reply.Bulk bulk && !bulk.isEmpty()) {
      obey(bulk);
    }
    return true;
  }

  private void obey(Reply.Bulk answer) {
    try (JsonParser json = Json.parser(answer.bytes() == null ? new byte[0] : answer.bytes())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      for (String field = json.nextName(); field != null; field = json.nextName()) {
        JsonToken value = json.nextToken();
        if (field.equals("state") && value == JsonToken.VALUE_STRING) {
          switch (json.getString()) {
            case "quiet" -> wish.accept(FaktoryWorker.State.QUIET);
            case "terminate" -> wish.accept(FaktoryWorker.State.STOPPING);
            default -> LOGGER.warn("Faktory wants a state of the worker that is not known");
          }
        } else {
          json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      LOGGER.warn("Faktory answers a heartbeat with what is no JSON");
    }
  }
}
