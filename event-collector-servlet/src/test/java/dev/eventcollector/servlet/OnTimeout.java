package dev.eventcollector.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.function.Consumer;

/** Does something about a timeout. */
record OnTimeout(Runnable action) implements AsyncListener {

  @Override
  public void onTimeout(AsyncEvent event) {
    action.run();
  }

  @Override
  public void onComplete(AsyncEvent event) {}

  @Override
  public void onError(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}

  /** Does something with the event. */
  record Asking(Consumer<AsyncEvent> action) implements AsyncListener {

    @Override
    public void onTimeout(AsyncEvent event) {
      action.accept(event);
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
