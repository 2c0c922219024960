package dev.eventcollector.examples.forwarder;

import dev.eventcollector.examples.forwarder.forwarding.Forwarding;
import dev.eventcollector.examples.forwarder.forwarding.Totals;
import dev.eventcollector.examples.forwarder.http.HttpFront;
import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.forwarder.records.RecordCheck;
import dev.eventcollector.examples.forwarder.settings.Flags;
import dev.eventcollector.examples.forwarder.settings.Settings;
import dev.eventcollector.examples.forwarder.sink.SinkHealth;
import dev.eventcollector.examples.forwarder.spool.Spool;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.support.program.OpenParts;
import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.TimeRule;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts put together. */
final class ForwarderService implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(ForwarderService.class);

  private final Settings settings;
  private final @Nullable Spool spool;
  private final Forwarding forwarding;
  private final HttpFront front;

  private ForwarderService(Settings settings, OpenParts parts)
      throws IOException, WrongSettingException {
    this.settings = settings;
    spool = openSpool(settings.spoolFile(), parts);
    SinkHealth health = new SinkHealth(settings.posting().sink());
    forwarding =
        new Forwarding(
            settings.batching(),
            settings.posting(),
            settings.inFlight(),
            spool,
            health,
            Program::end);
    announceStart();
    front = parts.add(HttpFront.start(settings, forwarding, health));
    forwarding.start();
  }

  /**
   * Starts to listen, and to forward.
   *
   * @throws IOException when the port cannot be had
   * @throws WrongSettingException when the spool file cannot be used
   */
  static ForwarderService start(Settings settings, OpenParts parts)
      throws IOException, WrongSettingException {
    return new ForwarderService(settings, parts);
  }

  private static @Nullable Spool openSpool(@Nullable Path file, OpenParts parts)
      throws WrongSettingException {
    if (file == null) {
      return null;
    }
    try {
      return parts.add(Spool.open(file, RecordCheck::isRecord));
    } catch (IOException e) {
      throw Flags.wrong(Flags.SPOOL_FILE, file, "a file that can be written: " + e.getMessage());
    }
  }

  private void announceStart() {
    LOGGER
        .atInfo()
        .addKeyValue("sink", settings.posting().sink())
        .addKeyValue("batch_size", settings.batching().size())
        .addKeyValue("batch_interval", TimeRule.format(settings.batching().interval()))
        .addKeyValue("buffer_records", settings.batching().bufferRecords())
        .addKeyValue("buffer_bytes", settings.batching().bufferBytes())
        .addKeyValue("in_flight", settings.inFlight())
        .addKeyValue("found_in_spool", forwarding.totals().foundInSpool())
        .log("webhook-forwarder starts");
    if (spool != null && spool.damagedLines() > 0) {
      LOGGER
          .atError()
          .addKeyValue("lines", spool.damagedLines())
          .addKeyValue("file", LogText.word(spool.damagedFile().toString()))
          .log("damaged lines of the spool file set aside");
    }
    settings.withoutEffect().forEach(LOGGER::warn);
  }

  /** False also when a batch was lost before. */
  @Override
  public boolean drain(Deadline deadline) {
    front.closePort();
    LOGGER.atInfo().addKeyValue("held", forwarding.totals().held()).log("stopping");
    long left = forwarding.stop(deadline.left());
    Totals totals = forwarding.totals();
    if (forwarding.hasFailed()) {
      LOGGER.error("{} records are lost", totals.lost());
    } else if (left > 0) {
      LOGGER.error(
          "{} records were not forwarded before the drain timeout of {}: {} are in the spool file, {}"
              + " end with the process",
          left,
          TimeRule.format(settings.drainTimeout()),
          left - totals.held(),
          totals.held());
    }
    totals.addTo(LOGGER.atInfo()).log("stopped");
    return !forwarding.hasFailed() && left == 0;
  }
}
