package dev.eventcollector.servlet;

import static dev.eventcollector.servlet.BodyBehavior.thrownBy;
import static dev.eventcollector.servlet.DispatchBehavior.tellAbout;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Asynchronous requests. */
enum AsyncBehavior implements Behavior {
  COMPLETE(
      (request, response) -> {
        response.getWriter().print("text");
        request.startAsync().complete();
      }),
  COMPLETE_ELSEWHERE(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        async.start(
            () -> {
              print(async, "text");
              async.complete();
            });
      }),
  COMPLETE_BY_EVENT_AT_TIMEOUT(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        async.setTimeout(50);
        async.addListener(
            new OnTimeout(
                () -> {
                  print(request.getAsyncContext(), "late");
                  async.getRequest().getAsyncContext().complete();
                }));
      }),
  COMPLETE_THEN_THROW(
      (request, response) -> {
        response.getWriter().print("text");
        request.startAsync().complete();
        throw new IllegalStateException("on purpose");
      }),
  COMPLETE_AFTER_DISPATCH(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        async.dispatch("/next/x?a=b");
        request.setAttribute("thrown", thrownBy(async::complete));
      }),
  DISPATCH_TWICE(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        async.dispatch("/next/x?a=b");
        request.setAttribute("thrown", thrownBy(async::dispatch));
      }),
  ASK_AFTER_COMPLETE(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        async.complete();
        response.getWriter().print(thrownBy(async::getRequest) + thrownBy(async::getResponse));
        response.getWriter().print(thrownBy(async::dispatch) + request.isAsyncStarted());
      }),
  ASK_WITHOUT_ASYNC(
      (request, response) -> response.getWriter().print(thrownBy(request::getAsyncContext))),
  START_TWICE(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        response.getWriter().print(thrownBy(request::startAsync));
        async.complete();
      }),
  ERROR(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        CompletableFuture.runAsync(
            () -> {
              WebApps.send(response, 404);
              async.complete();
            });
      }),
  DISPATCH(
      (request, response) -> {
        response.getWriter().print("first ");
        request.startAsync().dispatch("/next/x?a=b");
      }),
  DISPATCH_AGAIN(
      (request, response) -> {
        if (request.getAttribute("again") == null) {
          request.setAttribute("again", true);
          request.startAsync().dispatch();
        } else {
          tellAbout(request, response);
        }
      }),
  DISPATCH_GIVEN(
      (request, response) -> request.startAsync(request, response).dispatch("/next/x?a=b")),
  DISPATCH_WRAPPERS(
      (request, response) ->
          request
              .startAsync(
                  new HttpServletRequestWrapper(request), new HttpServletResponseWrapper(response))
              .dispatch("/next/x?a=b")),
  DISPATCH_PLAIN_WRAPPERS(
      (request, response) ->
          request
              .startAsync(new ServletRequestWrapper(request), new ServletResponseWrapper(response))
              .dispatch("/plain")),
  DISPATCH_OF_FORWARD(
      (request, response) -> {
        if (request.getAttribute("again") == null) {
          request.setAttribute("again", true);
          request
              .getRequestDispatcher("/start/AsyncBehavior.DISPATCH_OF_FORWARD?deep=1")
              .forward(request, response);
        } else if (request.getAttribute("async") == null) {
          request.setAttribute("async", true);
          request.startAsync().dispatch("/next/x?a=b");
        }
      }),
  SEES_WHAT_IT_GAVE(
      (request, response) -> {
        ServletRequest given = new ServletRequestWrapper(request);
        ServletResponse answer = new ServletResponseWrapper(response);
        AsyncContext async = request.startAsync(given, answer);
        response.getWriter().print(async.getRequest() == given);
        response.getWriter().print(async.getResponse() == answer);
        response.getWriter().print(async.hasOriginalRequestAndResponse());
        response.getWriter().print(request.getAsyncContext().getRequest() == given);
        async.complete();
      }),
  SEES_ITSELF(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        response.getWriter().print(async.getRequest() == request);
        response.getWriter().print(async.getResponse() == response);
        response.getWriter().print(async.hasOriginalRequestAndResponse());
        response.getWriter().print(request.getAsyncContext().getResponse() == response);
        async.complete();
      }),
  TIMEOUT((request, response) -> request.startAsync().setTimeout(50)),
  NULL_LISTENERS(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        response.setHeader(
            "X-Read", thrownBy(() -> request.getInputStream().setReadListener(null)));
        response.setHeader("X-Async", thrownBy(() -> async.addListener(null)));
        async.complete();
      }),
  LISTENERS_WITHOUT_ASYNC(
      (request, response) -> {
        response.setHeader(
            "X-Read", thrownBy(() -> request.getInputStream().setReadListener(new Idle())));
        response.setHeader(
            "X-Write", thrownBy(() -> response.getOutputStream().setWriteListener(new Idle())));
        response.getOutputStream().print("text");
        throw new IOException("on purpose");
      }),
  NON_BLOCKING(
      (request, response) -> {
        AsyncContext async = request.startAsync();
        response
            .getOutputStream()
            .setWriteListener(
                new AsyncOutputContract.Written(response.getOutputStream(), async, () -> {}));
      });

  private final WebApps.Work start;

  AsyncBehavior(WebApps.Work start) {
    this.start = start;
  }

  /** Listens in vain. */
  private record Idle() implements ReadListener, WriteListener {

    @Override
    public void onDataAvailable() {}

    @Override
    public void onAllDataRead() {}

    @Override
    public void onWritePossible() {}

    @Override
    public void onError(Throwable thrown) {}
  }

  private static void print(AsyncContext async, String text) {
    try {
      async.getResponse().getWriter().print(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public WebApps.Work start() {
    return start;
  }

  @Override
  public WebApps.Work next() {
    return (request, response) -> {
      tellAbout(request, response);
      response.getWriter().print(request.getAttribute("thrown"));
    };
  }
}
