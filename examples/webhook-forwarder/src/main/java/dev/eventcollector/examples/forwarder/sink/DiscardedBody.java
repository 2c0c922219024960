package dev.eventcollector.examples.forwarder.sink;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response body that nobody reads: the status alone says whether the sink has the batch. It is
 * read away so that the connection can be used again, but not for long: an endless, trickling or
 * broken body changes nothing about the status.
 */
final class DiscardedBody implements BodySubscriber<DiscardedBody> {

  private static final long MOST_BYTES = 64 * 1024;
  private static final long LONGEST_MILLIS = 1_000;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Flow.@Nullable Subscription subscription;
  private long bytes;

  private DiscardedBody() {}

  static BodyHandler<DiscardedBody> handler() {
    return response -> new DiscardedBody();
  }

  /** It is there as soon as the headers are. */
  @Override
  public CompletionStage<DiscardedBody> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  /** Waits a moment for the end of the body, then drops the connection. */
  void awaitEnd() {
    try {
      if (!ended.await(LONGEST_MILLIS, TimeUnit.MILLISECONDS)) {
        cancel();
      }
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.remaining();
    }
    if (bytes > MOST_BYTES) {
      cancel();
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended.countDown();
  }

  @Override
  public void onComplete() {
    ended.countDown();
  }

  private void cancel() {
    Flow.Subscription given = subscription;
    if (given != null) {
      given.cancel();
    }
    ended.countDown();
  }
}
