package dev.eventcollector.examples.webhooks;

import static jakarta.servlet.http.HttpServletResponse.SC_SERVICE_UNAVAILABLE;

import java.util.concurrent.Semaphore;

/**
 * How much memory the bodies of all requests may occupy at the same time. It is taken as the bytes
 * arrive, not as they are announced, so that who only announces much is in nobody's way.
 */
final class BodyMemory {

  private static final int MEGABYTE = 1024 * 1024;
  private static final String RETRY_AFTER_SECONDS = "10";

  private final Semaphore bytes;

  BodyMemory(int megabytes) {
    bytes = new Semaphore(megabytes * MEGABYTE);
  }

  int available() {
    return bytes.availablePermits();
  }

  Share share() {
    return new Share();
  }

  /** What one request has taken, until it is closed. Not safe for use by many threads. */
  final class Share implements AutoCloseable {

    private int taken;

    private Share() {}

    void grow(int by) throws RejectedException {
      if (!bytes.tryAcquire(by)) {
        throw new RejectedException(
            SC_SERVICE_UNAVAILABLE,
            "too much is being received at the moment",
            "Retry-After",
            RETRY_AFTER_SECONDS);
      }
      taken += by;
    }

    @Override
    public void close() {
      bytes.release(taken);
      taken = 0;
    }
  }
}
