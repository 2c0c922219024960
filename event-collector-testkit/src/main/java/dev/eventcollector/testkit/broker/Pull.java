package dev.eventcollector.testkit.broker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.Closeable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for an image; docker-java's own callback writes every failure to the log. */
final class Pull implements ResultCallback<PullResponseItem> {

  private final CompletableFuture<Boolean> done = new CompletableFuture<>();

  /** Returns when the image is there. */
  void await(long seconds) throws InterruptedException, ExecutionException, TimeoutException {
    done.get(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void onStart(Closeable stream) {}

  @Override
  public void onNext(PullResponseItem item) {
    if (item.isErrorIndicated()) {
      onError(new IllegalStateException(String.valueOf(item.getErrorDetail())));
    }
  }

  @Override
  public void onError(Throwable problem) {
    done.completeExceptionally(problem);
  }

  @Override
  public void onComplete() {
    done.complete(true);
  }

  @Override
  public void close() {}
}
