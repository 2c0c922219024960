package dev.eventcollector.benchmarks;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.ExecutorSubmitter;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.gruelbox.transactionoutbox.TransactionOutboxEntry;
import com.gruelbox.transactionoutbox.TransactionOutboxListener;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * transaction-outbox: a task for each event, its own way, or one for all events of a transaction.
 * Tasks publish on 16 threads, with the hand-written client.
 */
public final class OutboxGruelbox implements OutboxContestant {

  private static final int MOST_TASKS = 1_000_000;

  private final boolean perUnit;
  private final HikariDataSource pool;
  private final HandWritten publisher;
  private final ConfirmingSessions sessions;
  private final TransactionManager transactions;
  private final TransactionOutbox outbox;
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          OutboxPlace.WORKERS,
          OutboxPlace.WORKERS,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_TASKS));
  private final AtomicLong confirmed = new AtomicLong();

  OutboxGruelbox(OutboxPlace place, boolean perUnit) throws Exception {
    this(place, perUnit, true);
  }

  /** Without {@code submits} it stores only, as a process that dies at once. */
  OutboxGruelbox(OutboxPlace place, boolean perUnit, boolean submits) throws Exception {
    this.perUnit = perUnit;
    pool = place.pool(OutboxPlace.WORKERS + 1);
    publisher = new HandWritten(place.broker());
    sessions = new ConfirmingSessions(publisher);
    transactions = TransactionManager.fromDataSource(pool);
    Task task = new Task(this);
    Submitter submitter =
        submits ? ExecutorSubmitter.builder().executor(workers).build() : (entry, run) -> {};
    outbox =
        TransactionOutbox.builder()
            .transactionManager(transactions)
            .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
            .instantiator(Instantiator.using(type -> task))
            .submitter(submitter)
            .attemptFrequency(Duration.ofMinutes(1))
            .flushBatchSize(4_096)
            .listener(
                new TransactionOutboxListener() {
                  @Override
                  public void success(TransactionOutboxEntry entry) {
                    Object[] arguments = entry.getInvocation().getArgs();
                    confirmed.addAndGet(arguments.length == 2 ? (Integer) arguments[1] : 1);
                  }
                })
            .build();
    outbox.initialize();
  }

  /** The library stores calls of this class. */
  public static class Task {

    private final OutboxGruelbox peer;

    Task(OutboxGruelbox peer) {
      this.peer = peer;
    }

    /** One event. */
    public void one(String body) {
      peer.publish(body, 1);
    }

    /** The events of a unit, their bodies one behind the other. */
    public void all(String bodies, int events) {
      peer.publish(bodies.substring(0, bodies.length() / events), events);
    }
  }

  private void publish(String body, int events) {
    sessions.publish(body.getBytes(StandardCharsets.ISO_8859_1), events);
  }

  @Override
  public void placeOrder(int events) throws Exception {
    transactions.inTransactionThrows(
        transaction -> {
          OutboxDatabase.insertOrder(transaction.connection());
          if (perUnit) {
            outbox.schedule(Task.class).all(OutboxPlace.BODY.repeat(events), events);
          } else {
            for (int i = 0; i < events; i++) {
              outbox.schedule(Task.class).one(OutboxPlace.BODY);
            }
          }
        });
  }

  /** Does what was left behind, if it is due; false when there was nothing. */
  boolean flush() {
    return outbox.flush();
  }

  @Override
  public long confirmed() {
    return confirmed.get();
  }

  @Override
  public String table() {
    return "txno_outbox";
  }

  @Override
  public void close() throws Exception {
    workers.shutdownNow();
    workers.awaitTermination(10, TimeUnit.SECONDS);
    publisher.close();
    pool.close();
  }
}
