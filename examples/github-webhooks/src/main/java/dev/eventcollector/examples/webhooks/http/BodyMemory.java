package dev.eventcollector.examples.webhooks.http;

import static jakarta.servlet.http.HttpServletResponse.SC_SERVICE_UNAVAILABLE;

import java.util.concurrent.Semaphore;

/**
 * Limits the memory that the bodies of all requests occupy at the same time.
 *
 * <p>The first {@value #SMALL_BYTES} bytes of a body count as they arrive, so that announcing a
 * large body costs the others nothing. A body that goes on claims the rest of its announced length
 * at once: several large bodies that arrive together then either fit or are turned down, instead of
 * each taking a part of the room that none can finish in. Large bodies leave {@value
 * #RESERVED_FOR_SMALL} bytes to the small ones.
 */
public final class BodyMemory {

  static final int SMALL_BYTES = 256 * 1024;

  private static final int MEGABYTE = 1024 * 1024;
  private static final int RESERVED_FOR_SMALL = 3 * MEGABYTE;
  private static final int DEFAULT_MEGABYTES = 128;
  private static final int HEAP_SHARE = 8;
  private static final String RETRY_AFTER_SECONDS = "10";

  private final Semaphore all;
  private final Semaphore large;

  public BodyMemory(int megabytes) {
    int bytes = megabytes * MEGABYTE;
    all = new Semaphore(bytes);
    large = new Semaphore(Math.max(WebhookRequest.MAX_BYTES, bytes - RESERVED_FOR_SMALL));
  }

  /** 128, but at most an eighth of the heap, and always enough for one body. */
  public static int defaultMegabytes() {
    long share = Runtime.getRuntime().maxMemory() / MEGABYTE / HEAP_SHARE;
    return (int) Math.max(WebhookRequest.MAX_BYTES / MEGABYTE, Math.min(share, DEFAULT_MEGABYTES));
  }

  int available() {
    return all.availablePermits();
  }

  Share share() {
    return new Share();
  }

  /** The memory of one request, until it is closed. Not safe for use by many threads. */
  final class Share implements AutoCloseable {

    private int taken;
    private int takenAsLarge;

    private Share() {}

    /**
     * Takes more memory.
     *
     * @throws RejectedException when there is too little left; the share keeps what it has
     */
    void grow(int by) throws RejectedException {
      boolean isLarge = taken + by > SMALL_BYTES;
      if (isLarge && !large.tryAcquire(by)) {
        throw full();
      }
      if (!all.tryAcquire(by)) {
        if (isLarge) {
          large.release(by);
        }
        throw full();
      }
      taken += by;
      takenAsLarge += isLarge ? by : 0;
    }

    @Override
    public void close() {
      all.release(taken);
      large.release(takenAsLarge);
      taken = 0;
      takenAsLarge = 0;
    }
  }

  private static RejectedException full() {
    return new RejectedException(
        SC_SERVICE_UNAVAILABLE,
        "too much is being received at the moment",
        "Retry-After",
        RETRY_AFTER_SECONDS);
  }
}
