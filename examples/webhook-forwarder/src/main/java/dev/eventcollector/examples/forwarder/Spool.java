package dev.eventcollector.examples.forwarder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of records that were given up, one on each line, oldest first. A record leaves it only
 * after it was forwarded, so that a crash in between has it sent twice, never lost.
 *
 * <p>Safe for use by many threads, and closed to other processes.
 */
final class Spool implements AutoCloseable {

  private static final int READ_BYTES = 64 * 1024;

  private final Path file;
  private final FileChannel channel;
  private long forwardedBytes;
  private int records;

  private Spool(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens the file, and makes it if need be. A last line that is not complete is the rest of a
   * write that failed, and is cut off.
   *
   * @throws IOException when it cannot be used, or another process uses it
   */
  static Spool open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      Spool spool = new Spool(file, channel);
      spool.lock();
      spool.countRecords();
      return spool;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void lock() throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException("another process uses it");
    }
  }

  private void countRecords() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    long endOfLastLine = 0;
    for (long at = 0; channel.read(buffer.clear(), at) > 0; at += buffer.limit()) {
      buffer.flip();
      for (int i = 0; i < buffer.limit(); i++) {
        if (buffer.get(i) == '\n') {
          records++;
          endOfLastLine = at + i + 1;
        }
      }
    }
    channel.truncate(endOfLastLine);
  }

  synchronized int size() {
    return records;
  }

  /** Writes records to the end, and to the disk: all of them or, when it throws, none. */
  synchronized void append(List<byte[]> batch) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (byte[] recordBytes : batch) {
      lines.writeBytes(onOneLine(recordBytes));
      lines.write('\n');
    }
    long end = channel.size();
    try {
      ByteBuffer buffer = ByteBuffer.wrap(lines.toByteArray());
      for (long at = end; buffer.hasRemaining(); ) {
        at += channel.write(buffer, at);
      }
      channel.force(false);
    } catch (IOException e) {
      channel.truncate(end);
      throw e;
    }
    records += batch.size();
  }

  /** In JSON a raw line break can only stand between tokens, where a space means the same. */
  private static byte[] onOneLine(byte[] json) {
    byte[] line = json.clone();
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    return line;
  }

  /** The oldest records, at most so many and about so many bytes; they stay in the file. */
  synchronized List<byte[]> oldest(int most, long mostBytes) throws IOException {
    List<byte[]> oldest = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    long at = forwardedBytes;
    while (channel.read(buffer.clear(), at) > 0) {
      buffer.flip();
      for (int i = 0; i < buffer.limit(); i++) {
        if (buffer.get(i) != '\n') {
          line.write(buffer.get(i));
          continue;
        }
        oldest.add(line.toByteArray());
        line.reset();
        if (oldest.size() == most || at + i - forwardedBytes >= mostBytes) {
          return oldest;
        }
      }
      at += buffer.limit();
    }
    return oldest;
  }

  /** Forgets the oldest records, which have been forwarded. */
  synchronized void forget(List<byte[]> forwarded) throws IOException {
    for (byte[] line : forwarded) {
      forwardedBytes += line.length + 1L;
    }
    records -= forwarded.size();
    if (records == 0) {
      channel.truncate(0);
      forwardedBytes = 0;
    }
  }

  /** Leaves only what has not been forwarded, and closes the file. */
  @Override
  public synchronized void close() throws IOException {
    try (channel) {
      if (forwardedBytes == 0) {
        return;
      }
      Path rest = file.resolveSibling(file.getFileName() + ".new");
      try (FileChannel target =
          FileChannel.open(
              rest,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        for (long at = forwardedBytes; at < channel.size(); ) {
          at += channel.transferTo(at, channel.size() - at, target);
        }
        target.force(false);
      }
      Files.move(rest, file, StandardCopyOption.ATOMIC_MOVE);
      forwardedBytes = 0;
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
