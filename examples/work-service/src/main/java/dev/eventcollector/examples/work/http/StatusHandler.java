package dev.eventcollector.examples.work.http;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers for a program that has nothing else to say over HTTP. */
final class StatusHandler extends Handler.Abstract {

  private final StatusPages pages;

  StatusHandler(StatusPages pages) {
    this.pages = pages;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    @Nullable Answer page = pages.answer(request.getMethod(), Request.getPathInContext(request));
    (page == null ? Answer.noRoute() : page).write(response, callback);
    return true;
  }
}
