package dev.eventcollector.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** Listeners of the application that the container calls on unbound threads. */
final class UnitListener {

  private UnitListener() {}

  /** An {@link AsyncListener} that collects into the unit. */
  record OfAsync(RequestUnit unit, AsyncListener listener, UnitAsyncContext context)
      implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
      unit.callBack(() -> listener.onComplete(context.seen(event)));
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      unit.callBack(() -> listener.onTimeout(context.seen(event)));
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
      unit.callBack(() -> listener.onError(context.seen(event)));
    }

    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
      unit.callBack(() -> listener.onStartAsync(context.seen(event)));
    }
  }

  /** A {@link ReadListener} that collects into the unit. */
  record OfReads(RequestUnit unit, ReadListener listener) implements ReadListener {

    @Override
    public void onDataAvailable() throws IOException {
      unit.callBack(listener::onDataAvailable);
    }

    @Override
    public void onAllDataRead() throws IOException {
      unit.callBack(listener::onAllDataRead);
    }

    @Override
    public void onError(Throwable thrown) {
      unit.callBack(() -> listener.onError(thrown));
    }
  }

  /** A {@link WriteListener} that collects into the unit. */
  record OfWrites(RequestUnit unit, WriteListener listener) implements WriteListener {

    @Override
    public void onWritePossible() throws IOException {
      unit.callBack(listener::onWritePossible);
    }

    @Override
    public void onError(Throwable thrown) {
      unit.callBack(() -> listener.onError(thrown));
    }
  }
}
