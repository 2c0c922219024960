package dev.eventcollector.rabbitmq;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds flushes back while a chunk is being written: the client flushes after every publish, which
 * is a system call (and with TLS a record) for each event.
 *
 * <p>A lock rather than {@code synchronized}, so that no virtual thread pins its carrier here.
 */
final class CorkableOutputStream extends OutputStream {

  private static final int BUFFER_BYTES = 32 * 1024;

  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int count;
  private int corks;

  CorkableOutputStream(OutputStream out) {
    this.out = out;
  }

  /** From here on, flushes are held back. */
  void cork() {
    lock.lock();
    corks++;
    lock.unlock();
  }

  /** Ends what {@link #cork()} began, and sends what is held back, also what others wrote. */
  void uncork() throws IOException {
    lock.lock();
    try {
      corks--;
      send();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (length > buffer.length - count) {
        drainBuffer();
      }
      if (length >= buffer.length) {
        out.write(bytes, offset, length);
      } else {
        System.arraycopy(bytes, offset, buffer, count, length);
        count += length;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      if (corks == 0) {
        send();
      }
    } finally {
      lock.unlock();
    }
  }

  private void send() throws IOException {
    drainBuffer();
    out.flush();
  }

  private void drainBuffer() throws IOException {
    if (count > 0) {
      int length = count;
      count = 0;
      out.write(buffer, 0, length);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
