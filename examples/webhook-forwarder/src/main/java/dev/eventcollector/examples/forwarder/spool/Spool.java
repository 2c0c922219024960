package dev.eventcollector.examples.forwarder.spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
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
public final class Spool implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Spool.class);
  private static final int READ_BYTES = 64 * 1024;
  private static final long MOST_DEAD_BYTES = 16L << 20;
  private static final String REFUSED = ".refused";
  private static final String DAMAGED = ".damaged";

  private final Path file;
  private final RandomAccessFile content;
  private final RefusedRecords refused;
  private SpoolLines.Found damagedLines = new SpoolLines.Found(0, 0);
  private long forwardedBytes;
  private int records;

  private Spool(Path file, RandomAccessFile content) {
    this.file = file;
    this.content = content;
    this.refused = new RefusedRecords(beside(file, REFUSED));
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /**
   * The files that belong to a spool, itself first: also those of what it links to, as they are
   * beside that.
   */
  public static List<Path> filesOf(Path file) {
    List<Path> files = new ArrayList<>(List.of(file));
    Path real = file;
    try {
      real = file.toRealPath();
    } catch (IOException e) {
      // there is none yet, so there is no link to follow
    }
    files.addAll(List.of(beside(real, REFUSED), beside(real, DAMAGED)));
    return files;
  }

  /** Tells whether a line of the file is a record. */
  @FunctionalInterface
  public interface LineCheck {
    /** Whether it is one. */
    boolean isRecord(byte[] line);
  }

  /** Opens the file without a look at its lines. */
  static Spool open(Path file) throws IOException {
    return open(file, line -> true);
  }

  /**
   * Opens the file, and makes it if need be. Lines that are no records are moved to {@link
   * #damagedFile}. A last line that is not complete is the rest of a write that failed, and goes
   * there, too, unless it is a record all the same.
   *
   * @throws IOException when it cannot be used, or another process uses it
   */
  public static Spool open(Path file, LineCheck check) throws IOException {
    for (Path one : filesOf(file)) {
      if (Files.exists(one) && !Files.isRegularFile(one)) {
        // a FIFO would block
        throw new IOException((one.equals(file) ? "it" : one) + " is not a regular file");
      }
    }
    RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
    try {
      Spool spool = new Spool(file.toRealPath(), content); // of a link, what it leads to
      spool.lock();
      spool.damagedLines = new SpoolLines(content, check, spool.damagedFile()).sort();
      spool.records = spool.damagedLines.records();
      return spool;
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  /** The file beside it that gets the damaged lines. */
  public Path damagedFile() {
    return beside(file, DAMAGED);
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
  public int damagedLines() {
    return damagedLines.damagedLines();
  }

  /** How many records wait in it. */
  public synchronized int size() {
    return records;
  }

  /** How many records were set aside since it was opened. */
  public long setAside() {
    return refused.count();
  }

  /**
   * Writes a record to the end. It is safe after {@link #sync}.
   *
   * @throws IOException when it is not written
   */
  public synchronized void append(byte[] json) throws IOException {
    byte[] line = onOneLine(json);
    long end = content.length();
    try {
      content.seek(end);
      content.write(line);
    } catch (IOException e) {
      content.setLength(end);
      throw e;
    }
    records++;
  }

  /** Writes what was appended to the disk. */
  public synchronized void sync() throws IOException {
    content.getFD().sync();
    refused.sync();
  }

  /** Writes a record to the file of refused ones; false, and an ERROR, when that fails. */
  public boolean setAside(byte[] json, String reason) {
    byte[] line = onOneLine(json);
    return refused.add(Arrays.copyOf(line, line.length - 1), reason);
  }

  /** In JSON a raw line break can only stand between tokens, where a space means the same. */
  private static byte[] onOneLine(byte[] json) {
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    for (int i = 0; i < json.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    return line;
  }

  /** The oldest records, at most so many and about so many bytes; they stay in the file. */
  public synchronized List<byte[]> oldest(int most, long mostBytes) throws IOException {
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
  private void forget(List<byte[]> forwarded) throws IOException {
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

  /**
   * Takes the oldest records out, and puts some of them to the end. A crash in between leaves two
   * of those.
   */
  public synchronized void replace(List<byte[]> oldest, List<byte[]> toTheEnd) throws IOException {
    for (byte[] record : toTheEnd) {
      append(record);
    }
    if (!toTheEnd.isEmpty()) {
      sync();
    }
    forget(oldest);
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
    try (content;
        refused) {
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
