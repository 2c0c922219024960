package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.examples.webhooks.page.FailedDeliveries.Changed;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Asks a broker one question after the other, on a thread of its own, and in bounded time. */
final class Questions implements AutoCloseable {

  private static final int MAX_WAITING = 16;

  private final Duration patience;
  private final LongSupplier nanoTime;
  private final ThreadPoolExecutor thread;

  /** Changes something, one after the other, as long as the batch goes on. */
  @FunctionalInterface
  interface Change {
    void run(Batch batch) throws IOException;
  }

  /** The patience is for one question, with all that were asked before it. */
  Questions(String threadName, Duration patience, LongSupplier nanoTime) {
    this.patience = patience;
    this.nanoTime = nanoTime;
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread made = new Thread(task, threadName);
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * Waits for the answer.
   *
   * @throws IOException when there is none in time, or it is a failure
   */
  <T> T ask(Callable<T> question) throws IOException {
    return ask(question, true);
  }

  /**
   * Changes as many as fit into two thirds of the patience. The last third is for the one that is
   * being changed then: to interrupt it would leave it requeued and dead at the same time.
   *
   * @throws IOException when none was changed
   */
  Changed change(Change change) throws IOException {
    Batch batch = new Batch(nanoTime, patience.multipliedBy(2).dividedBy(3));
    try {
      ask(
          () -> {
            change.run(batch);
            return batch;
          },
          false);
    } catch (IOException e) {
      batch.end(e);
    }
    return batch.result();
  }

  private <T> T ask(Callable<T> question, boolean mayInterrupt) throws IOException {
    Future<T> answer;
    try {
      answer = thread.submit(question);
    } catch (RejectedExecutionException e) {
      throw new IOException("too much is being asked of the broker at the moment", e);
    }
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(mayInterrupt);
      throw new IOException(
          "the broker did not answer within "
              + patience.toMillis()
              + " ms"
              + (mayInterrupt ? "" : ", and may still do what it was asked last"),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the broker", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
