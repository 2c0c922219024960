package dev.eventcollector.examples.webhooks.page;

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

/** Asks a broker one question after the other, on a thread of its own, and in bounded time. */
final class Questions implements AutoCloseable {

  private static final int MAX_WAITING = 16;

  private final Duration patience;
  private final ThreadPoolExecutor thread;

  /** The patience is for one question, with all that were asked before it. */
  Questions(String threadName, Duration patience) {
    this.patience = patience;
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
    Future<T> answer;
    try {
      answer = thread.submit(question);
    } catch (RejectedExecutionException e) {
      throw new IOException("too much is being asked of the broker at the moment", e);
    }
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("the broker did not answer within " + patience.toMillis() + " ms", e);
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
