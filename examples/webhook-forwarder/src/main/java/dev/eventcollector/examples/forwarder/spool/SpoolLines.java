package dev.eventcollector.examples.forwarder.spool;

import dev.eventcollector.examples.forwarder.records.RecordCheck;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a spool file once, line by line, and moves the damaged lines to another file: an
 * operator may have edited it, or a power cut may have torn it. Takes as much memory as one record.
 */
final class SpoolLines {

  private static final int READ_BYTES = 64 * 1024;
  private static final int LONGEST_LINE = RecordCheck.MOST_BYTES;

  private final RandomAccessFile content;
  private final Spool.LineCheck check;
  private final Path damagedFile;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable OutputStream damaged;
  private boolean isTooLong;
  private long lineStart;
  private long goodEnd; // up to here the file holds records only
  private int records;
  private int damagedLines;

  /**
   * The lines that were found.
   *
   * @param records that stay in the spool
   * @param damagedLines that were moved
   */
  record Found(int records, int damagedLines) {}

  SpoolLines(RandomAccessFile content, Spool.LineCheck check, Path damagedFile) {
    this.content = content;
    this.check = check;
    this.damagedFile = damagedFile;
  }

  /** Leaves the records in the file, in order. */
  Found sort() throws IOException {
    byte[] block = new byte[READ_BYTES];
    long at = 0;
    try {
      for (int length = read(block, at); length > 0; length = read(block, at)) {
        for (int i = 0; i < length; i++) {
          if (block[i] == '\n') {
            endLine(at + i + 1, true);
          } else {
            add(block[i]);
          }
        }
        at += length;
      }
      if (line.size() > 0) {
        endLine(at, false);
      }
    } finally {
      if (damaged != null) {
        damaged.close();
      }
    }
    content.setLength(goodEnd); // only after the damaged lines are in their file
    return new Found(records, damagedLines);
  }

  private int read(byte[] block, long at) throws IOException {
    content.seek(at);
    return content.read(block);
  }

  private void add(byte b) throws IOException {
    line.write(b);
    if (line.size() > LONGEST_LINE) {
      isTooLong = true;
      flushDamaged();
    }
  }

  private void endLine(long end, boolean isComplete) throws IOException {
    if (isTooLong) {
      endDamaged();
    } else if (!isBlank()) {
      byte[] bytes = line.toByteArray();
      if (check.isRecord(bytes) && (isComplete || RecordCheck.isRecord(bytes))) {
        keep(bytes, end, isComplete);
      } else {
        endDamaged();
      }
    }
    line.reset();
    isTooLong = false;
    lineStart = end;
  }

  private boolean isBlank() {
    for (byte b : line.toByteArray()) {
      if (b != ' ' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private void keep(byte[] bytes, long end, boolean isComplete) throws IOException {
    records++;
    if (goodEnd != lineStart || !isComplete) {
      content.seek(goodEnd);
      content.write(bytes);
      content.write('\n');
      goodEnd += bytes.length + 1L;
    } else {
      goodEnd = end;
    }
  }

  private void endDamaged() throws IOException {
    damagedLines++;
    flushDamaged();
    OutputStream out = damaged;
    if (out != null) {
      out.write('\n');
      out.flush();
    }
  }

  private void flushDamaged() throws IOException {
    if (damaged == null) {
      damaged =
          new BufferedOutputStream(
              Files.newOutputStream(
                  damagedFile, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }
    line.writeTo(damaged);
    line.reset();
  }
}
