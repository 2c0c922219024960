package dev.eventcollector.examples.forwarder.settings;

import dev.eventcollector.examples.forwarder.spool.Spool;
import dev.eventcollector.examples.support.settings.TimeRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rules for settings that have to go together. */
final class Compatibility {

  private final Flags flags;

  Compatibility(Flags flags) {
    this.flags = flags;
  }

  /** A line for each that is broken. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (flags.postEndpoint == null) {
      problems.add("--post-endpoint (WEBHOOK_POST_ENDPOINT) is required");
    }
    if (flags.batchSize == 0 && flags.batchInterval.isZero()) {
      problems.add(
          "--batch-size (WEBHOOK_BATCH_SIZE): must not be 0 together with --batch-interval"
              + " (WEBHOOK_BATCH_INTERVAL)");
    }
    if (flags.batchSize > flags.bufferRecords) {
      problems.add(
          "--batch-size (WEBHOOK_BATCH_SIZE): '"
              + flags.batchSize
              + "' must not be above --buffer-records (WEBHOOK_BUFFER_RECORDS), which is "
              + flags.bufferRecords);
    }
    if (flags.retryDelay.compareTo(flags.retryMaxDelay) > 0) {
      problems.add(
          "--retry-delay (WEBHOOK_RETRY_DELAY): must not be above --retry-max-delay"
              + " (WEBHOOK_RETRY_MAX_DELAY), which is "
              + TimeRule.format(flags.retryMaxDelay));
    }
    Path spool = flags.spoolFile;
    if (spool != null && isFileOfLog(spool)) {
      problems.add(
          "--spool-file (WEBHOOK_SPOOL_FILE): it, "
              + "and the files beside it, must be other files than that of the log");
    }
    return problems;
  }

  /** A log in the spool would be posted, and truncated; a spool in the log would be lost. */
  private boolean isFileOfLog(Path spool) {
    Path log = flags.logFile;
    return Spool.filesOf(spool).stream()
        .anyMatch(file -> log == null ? OneFile.isStandardOutput(file) : OneFile.isOne(log, file));
  }

  /** Lines for the log about settings that are given and have no effect. */
  List<String> withoutEffect() {
    List<String> without = new ArrayList<>();
    if (flags.isGiven("-retry-max-delay") && !flags.retryBackoff && !flags.retryAfter) {
      without.add("--retry-max-delay has no effect without --retry-backoff or --retry-after");
    }
    if (flags.retries == 0) {
      for (String flag : List.of("-retry-delay", "-retry-backoff", "-retry-after")) {
        if (flags.isGiven(flag)) {
          without.add("-" + flag + " has no effect without --retries");
        }
      }
    }
    if (flags.isGiven("-port") && flags.isFlag("-http") && !flags.isFlag("-port")) {
      without.add("PORT has no effect beside the flag --http");
    }
    Long bytes = flags.bufferBytes;
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes != null && bytes > heap / 2) {
      without.add(
          "--buffer-bytes is more than half of the heap of "
              + heap
              + " bytes: memory may run out before the buffer is full");
    }
    return without;
  }
}
