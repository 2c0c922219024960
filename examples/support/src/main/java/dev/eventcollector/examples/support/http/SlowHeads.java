package dev.eventcollector.examples.support.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections that send the head of a request too slowly. An idle timeout does not see them:
 * each byte begins it anew. The deadline of a body is up to its handler.
 */
final class SlowHeads implements Connection.Listener {

  private final Scheduler scheduler;
  private final Duration timeout;

  SlowHeads(Scheduler scheduler, Duration timeout) {
    this.scheduler = scheduler;
    this.timeout = timeout;
  }

  @Override
  public void onOpened(Connection connection) {
    new Watch(connection).lookLater();
  }

  /** Checks a connection again and again: has it sent something, and still no whole head? */
  private final class Watch implements Runnable {

    private final Connection connection;
    private long bytes;
    private long requests;
    private boolean suspect;

    Watch(Connection connection) {
      this.connection = connection;
    }

    void lookLater() {
      scheduler.schedule(this, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
      if (!connection.getEndPoint().isOpen()) {
        return;
      }
      long bytesNow = connection.getBytesIn();
      long requestsNow = connection.getMessagesIn();
      boolean headUnfinished =
          bytesNow > bytes && requestsNow == requests && requestsNow == connection.getMessagesOut();
      if (headUnfinished && (suspect || requestsNow == 0)) {
        connection.getEndPoint().close();
        return;
      }
      suspect = headUnfinished; // it may have begun only just now
      bytes = bytesNow;
      requests = requestsNow;
      lookLater();
    }
  }
}
