package dev.eventcollector.examples.forwarder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of records that were given up, one on each line, oldest first. A record leaves it only
 * after it was forwarded, so that a crash in between has it sent twice, never lost.
 *
 * <p>Safe for use by many threads, interrupted ones included (a FileChannel would close itself
 * under them), and closed to other processes.
 */
final class Spool implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Spool.class);
  private static final int READ_BYTES = 64 * 1024;
  private static final long MOST_DEAD_BYTES = 16L << 20;

  private final Path file;
  private final RandomAccessFile content;
  private SpoolLines.Found damagedLines = new SpoolLines.Found(0, 0);
  private long forwardedBytes;
  private int records;

  private Spool(Path file, RandomAccessFile content) {
    this.file = file;
    this.content = content;
  }

  /** Tells whether a line of the file is a record. */
  @FunctionalInterface
  interface LineCheck {
    boolean isRecord(byte[] line);
  }

  /** Opens the file without a look at its lines. */
  static Spool open(Path file) throws IOException {
    return open(file, line -> true);
  }

  /**
   * Opens the file, and makes it if need be. Lines that are no records are moved to {@link
   * #rejectedFile}. A last line that is not complete is the rest of a write that failed, and goes
   * there, too, unless it is a record all the same.
   *
   * @throws IOException when it cannot be used, or another process uses it
   */
  static Spool open(Path file, LineCheck check) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("it is not a regular file"); // a FIFO would block
    }
    RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
    try {
      Spool spool = new Spool(file.toRealPath(), content); // of a link, what it leads to
      spool.lock();
      spool.damagedLines = new SpoolLines(content, check, spool.rejectedFile()).sort();
      spool.records = spool.damagedLines.records();
      return spool;
    } catch (IOException e) {
      content.close();
      throw e;
    }
  }

  /** The file beside it that gets what is set aside, one record or damaged line on each line. */
  Path rejectedFile() {
    return file.resolveSibling(file.getFileName() + ".rejected");
  }

  private void lock() throws IOException {
    @Nullable FileLock lock;
    try {
      lock = content.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    } catch (IOException e) {
      LOGGER.warn("{}: its file system has no locks; let no other process use it", file);
      return;
    }
    if (lock == null) {
      throw new IOException("another process uses it");
    }
  }

  /** How many lines were no records when it was opened. */
  int damagedLines() {
    return damagedLines.damagedLines();
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
    } else if (forwardedBytes > MOST_DEAD_BYTES && forwardedBytes > content.length() / 2) {
      dropForwarded();
    }
  }

  /** Makes the oldest record the newest. A crash in between leaves two of it. */
  synchronized void moveToEnd(byte[] record) throws IOException {
    append(List.of(record));
    forget(List.of(record));
  }

  /** Moves the oldest record, which nobody wants, to {@link #rejectedFile}. */
  synchronized void setAside(byte[] record) throws IOException {
    try (OutputStream rejected =
        Files.newOutputStream(
            rejectedFile(),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND,
            StandardOpenOption.SYNC)) {
      byte[] line = Arrays.copyOf(record, record.length + 1);
      line[record.length] = '\n';
      rejected.write(line);
    }
    forget(List.of(record));
  }

  /**
   * Moves the rest of the file to its front, within the file: its folder may be read-only, and its
   * name may be a link. A crash in between leaves some records twice, and a torn line that the next
   * start sets aside; it loses none, because a record is overwritten only after it was copied.
   */
  private void dropForwarded() throws IOException {
    byte[] block = new byte[READ_BYTES];
    long to = 0;
    for (long from = forwardedBytes; ; ) {
      content.seek(from);
      int length = content.read(block);
      if (length <= 0) {
        break;
      }
      content.seek(to);
      content.write(block, 0, length);
      from += length;
      to += length;
    }
    content.getFD().sync();
    content.setLength(to);
    forwardedBytes = 0;
  }

  /** Leaves only what has not been forwarded, and closes the file. */
  @Override
  public synchronized void close() throws IOException {
    try (content) {
      if (forwardedBytes > 0) {
        dropForwarded();
      }
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
