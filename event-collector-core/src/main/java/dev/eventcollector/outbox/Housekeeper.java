package dev.eventcollector.outbox;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that renews the lease, deletes confirmed rows and settles doubts. While nothing
 * happens it wakes up for the lease alone.
 */
final class Housekeeper {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final OwnConnection connection;
  private final Lease lease;
  private final Deletes deletes;
  private final InDoubt inDoubt;
  private final OpenUnits open;
  private final Inbox inbox;
  private final TableWatch tables;
  private final long beatNanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean work;
  private boolean stopped;
  private boolean failing;
  private long nextBeat = System.nanoTime();
  private volatile @Nullable String trouble;

  Housekeeper(
      OwnConnection connection,
      Lease lease,
      Deletes deletes,
      InDoubt inDoubt,
      OpenUnits open,
      Inbox inbox,
      TableWatch tables,
      long beatNanos) {
    this.connection = connection;
    this.lease = lease;
    this.deletes = deletes;
    this.inDoubt = inDoubt;
    this.open = open;
    this.inbox = inbox;
    this.tables = tables;
    this.beatNanos = beatNanos;
    deletes.whenAny(this::wake);
    inDoubt.whenAny(this::wake);
  }

  private void wake() {
    lock.lock();
    try {
      work = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Why it cannot do its work; null when it can. */
  @Nullable String trouble() {
    return trouble;
  }

  /** Until it is stopped. */
  void run() {
    while (!isStopped()) {
      boolean worked = does(this::beatIfDue);
      worked &= does(() -> inbox.deleteOld(connection));
      worked &= does(open::look);
      worked &= does(inDoubt::step);
      worked &= does(deletes::runBatch);
      worked &= does(tables::look);
      try {
        if (worked) {
          works();
          await();
        } else {
          pause();
        }
      } catch (InterruptedException e) {
        LOGGER.debug("Interrupted", e); // by a listener
      }
    }
  }

  @FunctionalInterface
  private interface Job {
    void run() throws SQLException;
  }

  /** One job that fails, over a row that somebody else has locked for example, stops no other. */
  private boolean does(Job job) {
    try {
      job.run();
      return true;
    } catch (SQLException | RuntimeException | Error e) {
      failed(e);
      return false;
    }
  }

  private void beatIfDue() throws SQLException {
    if (nextBeat - System.nanoTime() <= 0) {
      connection.call(
          own -> {
            lease.beat(own);
            return true;
          });
      nextBeat = System.nanoTime() + beatNanos;
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for work; deletes linger a little, so that more of them come together. */
  private void await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = Math.min(nextBeat - System.nanoTime(), inDoubt.nanosUntilDue());
      while (!work && !stopped && left > 0 && deletes.isEmpty()) {
        left = woken.awaitNanos(left);
      }
      work = false;
      long linger = inDoubt.nanosUntilDue() == 0 || deletes.isEmpty() ? 0 : LINGER_NANOS;
      while (!work && !stopped && linger > 0) {
        linger = woken.awaitNanos(linger);
      }
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = PAUSE_AFTER_FAILURE_NANOS;
      while (!stopped && left > 0) {
        left = woken.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void failed(Throwable e) {
    if (!failing) {
      LOGGER.warn(
          "The outbox cannot do its work in the database: {}. It is tried again every second;"
              + " events are published meanwhile, and may come twice, with the same id.",
          e.toString());
    }
    LOGGER.debug("The outbox cannot do its work in the database", e);
    failing = true;
    trouble = e.toString();
  }

  private void works() {
    if (failing) {
      failing = false;
      trouble = null;
      LOGGER.info("The outbox does its work in the database again");
    }
  }
}
