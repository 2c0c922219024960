package dev.eventcollector.examples.webhooks.workflows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Reads a text file that somebody else may replace at any time. It must be a regular file of at
 * most {@value #MAX_BYTES} bytes, in UTF-8, and it must be read within a deadline: a file system
 * that hangs blocks one abandoned thread and not the reader.
 */
final class BoundedFile {

  static final int MAX_BYTES = 256 * 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MAX_HANGING = 4;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Opener opener;
  private final Duration patience;
  private final Consumer<Thread> starter;
  private final Semaphore readers = new Semaphore(MAX_HANGING);

  /** Opens a file, which may block. */
  @FunctionalInterface
  interface Opener {
    InputStream open(Path file) throws IOException;
  }

  BoundedFile() {
    this(BoundedFile::openRegular, PATIENCE, Thread::start);
  }

  BoundedFile(Opener opener, Duration patience, Consumer<Thread> starter) {
    this.opener = opener;
    this.patience = patience;
    this.starter = starter;
  }

  private static InputStream openRegular(Path file) throws IOException {
    Files.readAttributes(file, "isRegularFile"); // tells why when it cannot be looked at
    if (!Files.isRegularFile(file)) {
      throw new IOException("it is not a regular file"); // opening a FIFO would block
    }
    return Files.newInputStream(file);
  }

  /**
   * The text of the file, without a byte order mark.
   *
   * @throws IOException names the limit that the file breaks, or the reason why it cannot be read
   */
  String read(Path file) throws IOException {
    if (!readers.tryAcquire()) {
      throw new IOException(MAX_HANGING + " earlier attempts to read it still hang");
    }
    FutureTask<byte[]> reading = new FutureTask<>(() -> readAndRelease(file));
    Thread thread = new Thread(reading, "read-" + file.getFileName());
    thread.setDaemon(true);
    try {
      start(thread);
      return decode(reading.get(patience.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new IOException("reading it took longer than " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading it", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  /** A thread that cannot be made will not release what was acquired for it. */
  private void start(Thread thread) {
    boolean started = false;
    try {
      starter.accept(thread);
      started = true;
    } finally {
      if (!started) {
        readers.release();
      }
    }
  }

  private byte[] readAndRelease(Path file) throws IOException {
    try (InputStream in = opener.open(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("it is larger than " + MAX_BYTES / 1024 + " KiB");
      }
      return bytes;
    } finally {
      readers.release();
    }
  }

  private static String decode(byte[] bytes) throws IOException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IOException("it is not text in UTF-8", e);
    }
  }
}
