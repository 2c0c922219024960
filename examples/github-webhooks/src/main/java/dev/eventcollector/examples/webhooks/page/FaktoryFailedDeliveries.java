package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.Event;
import dev.eventcollector.examples.faktory.FaktoryServer;
import dev.eventcollector.examples.faktory.FaktoryServer.JobSet;
import dev.eventcollector.examples.webhooks.history.OpenedDelivery;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.history.RecentDelivery;
import dev.eventcollector.examples.webhooks.history.RecentDelivery.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those in Faktory's dead set. Its protocol counts, requeues and discards them, but cannot list
 * them; so those are listed that this process has seen die.
 */
final class FaktoryFailedDeliveries implements FailedDeliveries {

  static final String NOTE =
      "Faktory's protocol does not list its dead set. Listed are the deliveries that this process"
          + " has seen die; Faktory's own page (port 7420, unless configured otherwise) lists all.";

  private static final String REQUEUE_ALL =
      "This is all of Faktory's dead set, with the jobs of other programs. Those that fail again"
          + " are dead again at once.";
  private static final Logger LOGGER = LoggerFactory.getLogger(FailedDeliveries.class);

  private final FaktoryServer server;
  private final RecentDeliveries recent;
  private final Questions questions;

  FaktoryFailedDeliveries(FaktoryServer server, RecentDeliveries recent, Duration patience) {
    questions = new Questions("page-dead-set", patience, System::nanoTime);
    this.server = server;
    this.recent = recent;
  }

  @Override
  public Listed list(int offset) throws IOException {
    List<RecentDelivery> known = recent.with(Status.DEAD);
    List<Dead> page =
        known.stream().skip(offset).limit(PAGE_SIZE).map(FaktoryFailedDeliveries::about).toList();
    return new Listed(server.info().dead(), offset, PAGE_SIZE, page, NOTE, REQUEUE_ALL);
  }

  private static Dead about(RecentDelivery row) {
    return new Dead(
        row.delivery(),
        row.delivery(),
        row.event(),
        row.action(),
        row.repository(),
        row.reason() == null ? "" : row.reason(),
        row.attempts(),
        null,
        row.changedAt());
  }

  @Override
  public Optional<Opened> open(String key) {
    return known(key)
        .map(
            one -> {
              @Nullable Event original = one.original();
              return new Opened(about(one.row()), null, original == null ? null : original.body());
            });
  }

  private Optional<OpenedDelivery> known(String key) {
    return recent.open(key).filter(one -> one.row().status() == Status.DEAD);
  }

  @Override
  public Changed requeue(List<String> keys) throws IOException {
    return questions.change(batch -> batch.each(keys, this::requeue));
  }

  @Override
  public Changed drop(List<String> keys) throws IOException {
    return questions.change(batch -> batch.each(keys, this::drop));
  }

  private boolean requeue(String key) throws IOException {
    Optional<OpenedDelivery> one = known(key);
    boolean done = one.isPresent() && change(one.get(), () -> server.requeue(JobSet.DEAD, key));
    if (done) {
      recent.onRequeued(one.get().row());
      LOGGER.info("requeued the dead delivery {}", key);
    }
    return done;
  }

  private boolean drop(String key) throws IOException {
    Optional<OpenedDelivery> one = known(key);
    boolean done = one.isPresent() && change(one.get(), () -> server.discard(JobSet.DEAD, key));
    if (done) {
      recent.onDeadDropped(one.get().row());
      LOGGER.info("dropped the dead delivery {}", key);
    }
    return done;
  }

  /**
   * Also those of other programs: Faktory has one dead set for all its queues. It requeues them on
   * its own, so without its answer only their number tells how far it has come.
   */
  @Override
  public Changed requeueAll() throws IOException {
    return questions.change(
        batch -> {
          List<RecentDelivery> before = recent.with(Status.DEAD);
          long dead = server.info().dead();
          batch.expect(dead);
          try {
            server.requeueAll(JobSet.DEAD);
          } catch (IOException e) {
            batch.done(Math.max(0, dead - server.info().dead()));
            throw new IOException(
                "Faktory gave no answer, and may still be requeueing: " + e.getMessage(), e);
          }
          batch.done(dead);
          before.forEach(recent::onRequeued);
          LOGGER.info("requeued all of Faktory's dead set, about {} job(s)", dead);
        });
  }

  @Override
  public void retryNow(OpenedDelivery waiting) throws IOException {
    String id = waiting.row().delivery();
    ask(() -> server.requeue(JobSet.RETRIES, id));
    LOGGER.info("retrying the delivery {} now, on request", id);
  }

  /**
   * Faktory says OK whether there is such a job or not, so the set is counted before and after. It
   * can be as large as before when the job, or another one, has failed meanwhile.
   *
   * @return false, and noted as such, when the job was not there any more
   */
  private boolean change(OpenedDelivery dead, Wish wish) throws IOException {
    FaktoryServer.Info before = server.info();
    ask(wish);
    FaktoryServer.Info after = server.info();
    boolean changed = after.dead() < before.dead() || after.failures() > before.failures();
    if (!changed) {
      recent.onGone(dead.row());
      LOGGER.info("{} is not in Faktory's dead set any more", dead.row().delivery());
    }
    return changed;
  }

  /** Something that Faktory is asked to do. */
  @FunctionalInterface
  private interface Wish {
    void send() throws IOException;
  }

  private static void ask(Wish wish) throws IOException {
    try {
      wish.send();
    } catch (IllegalArgumentException e) { // GitHub's ids are none of these
      throw new IOException("Faktory cannot look for this delivery's id: use its own page", e);
    }
  }

  @Override
  public void close() {
    questions.close();
  }
}
