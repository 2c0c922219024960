package dev.eventcollector.examples.forwarder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of records that were given up, one on each line, oldest first. A record leaves it only
 * after it was forwarded, so that a crash in between has it sent twice, never lost.
 *
 * <p>Safe for use by many threads, interrupted ones included (a FileChannel would close itself
 * under them), and closed to other processes.
 */
final class Spool implements AutoCloseable {

  private static final int READ_BYTES = 64 * 1024;

  private final Path file;
  private final RandomAccessFile content;
  private long forwardedBytes;
  private int records;

  private Spool(Path file, RandomAccessFile content) {
    this.file = file;
    this.content = content;
  }

  /**
   * Opens the file, and makes it if need be. A last line that is not complete is the rest of a
   * write that failed, and is cut off.
   *
   * @throws IOException when it cannot be used, or another process uses it
   */
  static Spool open(Path file) throws IOException {
    RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
    try {
      Spool spool = new Spool(file, content);
      spool.lock();
      spool.countRecords();
      return spool;
    } catch (IOException e) {
      content.close();
      throw e;
    }
  }

  private void lock() throws IOException {
    @Nullable FileLock lock;
    try {
      lock = content.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException("another process uses it");
    }
  }

  private void countRecords() throws IOException {
    byte[] block = new byte[READ_BYTES];
    long at = 0;
    long endOfLastLine = 0;
    for (int length = content.read(block); length > 0; length = content.read(block)) {
      for (int i = 0; i < length; i++) {
        if (block[i] == '\n') {
          records++;
          endOfLastLine = at + i + 1;
        }
      }
      at += length;
    }
    content.setLength(endOfLastLine);
  }

  synchronized int size() {
    return records;
  }

  /** Writes records to the end, and to the disk: all of them or, when it throws, none. */
  synchronized void append(List<byte[]> batch) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (byte[] json : batch) {
      lines.writeBytes(onOneLine(json));
      lines.write('\n');
    }
    long end = content.length();
    try {
      content.seek(end);
      content.write(lines.toByteArray());
      content.getFD().sync();
    } catch (IOException e) {
      content.setLength(end);
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
    byte[] block = new byte[READ_BYTES];
    long bytes = 0;
    content.seek(forwardedBytes);
    for (int length = content.read(block); length > 0; length = content.read(block)) {
      for (int i = 0; i < length; i++) {
        bytes++;
        if (block[i] != '\n') {
          line.write(block[i]);
          continue;
        }
        oldest.add(line.toByteArray());
        line.reset();
        if (oldest.size() == most || bytes >= mostBytes) {
          return oldest;
        }
      }
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
      content.setLength(0);
      forwardedBytes = 0;
    }
  }

  /** Leaves only what has not been forwarded, and closes the file. */
  @Override
  public synchronized void close() throws IOException {
    try (content) {
      if (forwardedBytes == 0) {
        return;
      }
      Path rest = file.resolveSibling(file.getFileName() + ".new");
      byte[] block = new byte[READ_BYTES];
      try (RandomAccessFile target = new RandomAccessFile(rest.toFile(), "rw")) {
        target.setLength(0);
        content.seek(forwardedBytes);
        for (int length = content.read(block); length > 0; length = content.read(block)) {
          target.write(block, 0, length);
        }
        target.getFD().sync();
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
