package dev.eventcollector.examples.forwarder.spool;

import dev.eventcollector.examples.forwarder.log.LogText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The file of records that the sink refuses, a JSON object on each line: time, reason and the
 * record as it came. Safe for use by many threads.
 */
final class RefusedRecords implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(RefusedRecords.class);

  private final Path file;
  private @Nullable RandomAccessFile content; // since the first record
  private volatile long count;

  RefusedRecords(Path file) {
    this.file = file;
  }

  long count() {
    return count;
  }

  /** Adds a record, which has no line breaks; false when it cannot be written. */
  synchronized boolean add(byte[] json, String reason) {
    try {
      write(json, reason);
    } catch (IOException e) {
      LOGGER.error("{} cannot be written, so a refused record stays in the spool", file, e);
      return false;
    }
    count++;
    LOGGER
        .atError()
        .addKeyValue("reason", LogText.quoted(reason))
        .addKeyValue("file", LogText.word(file.toString()))
        .log("record set aside: the sink accepts others and refuses this one");
    return true;
  }

  private void write(byte[] json, String reason) throws IOException {
    RandomAccessFile open = content;
    if (open == null) {
      open = new RandomAccessFile(file.toFile(), "rw");
      content = open;
    }
    StringBuilder text = new StringBuilder("{\"time\":\"").append(Instant.now());
    JsonStringEncoder.getInstance().quoteAsString(reason, text.append("\",\"reason\":\""));
    byte[] head = text.append("\",\"record\":").toString().getBytes(StandardCharsets.UTF_8);
    byte[] line = new byte[head.length + json.length + 2];
    System.arraycopy(head, 0, line, 0, head.length);
    System.arraycopy(json, 0, line, head.length, json.length);
    line[line.length - 2] = '}';
    line[line.length - 1] = '\n';
    long end = open.length();
    try {
      open.seek(end);
      open.write(line);
    } catch (IOException e) {
      open.setLength(end);
      throw e;
    }
  }

  synchronized void sync() throws IOException {
    if (content != null) {
      content.getFD().sync();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (content != null) {
      content.close();
    }
  }
}
