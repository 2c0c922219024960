package dev.eventcollector.examples.support.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Cuts connections off that have not taken an answer when its time is over. An idle timeout does
 * not see clients that take it byte by byte.
 */
final class SlowAnswers extends Handler.Wrapper {

  private final Duration timeout;

  /** The time includes the making of the answer. */
  SlowAnswers(Handler handler, Duration timeout) {
    super(handler);
    this.timeout = timeout;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
    Scheduler.Task deadline =
        request
            .getComponents()
            .getScheduler()
            .schedule(client::close, timeout.toMillis(), TimeUnit.MILLISECONDS);
    Request.addCompletionListener(request, failure -> deadline.cancel());
    return super.handle(request, response, callback);
  }
}
