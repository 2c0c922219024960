package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the server how a job ended: again and again, on new connections too, as long as the job is
 * reserved. A job that is not answered stays busy until its reservation is over, for half an hour
 * by default.
 */
final class Answering {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

  private final StopSignal stop;

  Answering(StopSignal stop) {
    this.stop = stop;
  }

  /**
   * Acknowledges.
   *
   * @return null when the server was told, else why not
   */
  @Nullable String ack(WorkerLink link, RunningJob running) {
    byte[] argument =
        Json.object(json -> json.writeStringProperty("jid", Json.encodable(running.job().jid())));
    return tell("ACK", argument, link, running::isOver);
  }

  /** Says that it failed, and why; as {@link #ack}. */
  @Nullable String fail(WorkerLink link, RunningJob running, FailureReport report) {
    return tell("FAIL", report.argument(running.job().jid()), link, running::isOver);
  }

  /**
   * Moves a job that has just failed from the retries to the dead set.
   *
   * @return whether the server has done so
   */
  boolean kill(WorkerLink link, RunningJob running) {
    String jid = running.job().jid();
    byte[] argument =
        Json.object(
            json -> {
              json.writeStringProperty("cmd", "kill");
              json.writeStringProperty("target", "retries");
              json.writeName("filter");
              json.writeStartObject();
              json.writeName("jids");
              json.writeStartArray();
              json.writeString(Json.encodable(jid));
              json.writeEndArray();
              json.writeEndObject();
            });
    String text = new String(argument, StandardCharsets.UTF_8);
    String problem =
        text.indexOf(' ') >= 0 // the server takes the space for the end (1.10, server/mutate.go)
            ? "its jid has a space"
            : tell("MUTATE", argument, link, running::isOver);
    if (problem != null) {
      LOGGER.warn("{} stays among the retries: {}", running.job().delivery(), problem);
    }
    return problem == null;
  }

  private @Nullable String tell(
      String verb, byte[] argument, WorkerLink link, BooleanSupplier isOver) {
    boolean repeated = false;
    long pause = FIRST_PAUSE;
    while (true) {
      if (isOver.getAsBoolean()) {
        return "its reservation is over";
      }
      String problem;
      try {
        Reply reply = link.call(verb, argument, TIMEOUT);
        if (reply.isOk()) {
          return null;
        }
        problem = reply.description();
        if (reply instanceof Reply.Failure failure) {
          problem = failure.message();
          if (problem.startsWith("Job not found")) {
            return repeated ? null : "the server no longer knows of it (" + problem + ")";
          }
          if (!ServerErrors.mayPass(problem)) {
            return problem;
          }
        }
        link.tearDown(); // it may be one that the server is closing
      } catch (IOException e) {
        repeated = true; // the server may have got it
        problem = Reasons.of(e);
      }
      LOGGER.debug("{} is to be repeated: {}", verb, problem);
      if (!stop.pauseAnswering(pause)) {
        return "the worker was stopped before the server could be told; " + problem;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }
}
