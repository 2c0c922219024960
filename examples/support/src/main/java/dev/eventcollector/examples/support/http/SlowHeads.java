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

  /** Checks a connection again and again: is it still at the same head? */
  private final class Watch implements Runnable {

    private final Connection connection;
    private long requests;
    private long bytesOfRequests;
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
      if (connection.getMessagesIn() != requests) {
        requests = connection.getMessagesIn();
        bytesOfRequests = connection.getBytesIn();
        suspect = false;
      }
      boolean headUnfinished =
          requests == connection.getMessagesOut() && connection.getBytesIn() > bytesOfRequests;
      if (headUnfinished && suspect) {
        connection.getEndPoint().close();
        return;
      }
      suspect = headUnfinished; // it may have begun only just now
      lookLater();
    }
  }
}
