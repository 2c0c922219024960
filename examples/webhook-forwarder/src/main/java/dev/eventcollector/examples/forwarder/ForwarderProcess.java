package dev.eventcollector.examples.forwarder;

import dev.eventcollector.examples.forwarder.forwarding.Forwarding;
import dev.eventcollector.examples.forwarder.forwarding.Totals;
import dev.eventcollector.examples.forwarder.http.HttpFront;
import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.forwarder.records.RecordCheck;
import dev.eventcollector.examples.forwarder.settings.GoDuration;
import dev.eventcollector.examples.forwarder.settings.InvalidSettingsException;
import dev.eventcollector.examples.forwarder.settings.Settings;
import dev.eventcollector.examples.forwarder.sink.SinkHealth;
import dev.eventcollector.examples.forwarder.spool.Spool;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts put together, from start to exit. */
final class ForwarderProcess {

  private static final Logger LOGGER = LoggerFactory.getLogger(ForwarderProcess.class);

  private final Settings settings;
  private final @Nullable Spool spool;
  private final Forwarding forwarding;
  private final HttpFront front;
  private final CountDownLatch failure = new CountDownLatch(1);

  private ForwarderProcess(Settings settings) {
    this.settings = settings;
    spool = openSpool(settings);
    SinkHealth health = new SinkHealth(settings.posting().sink());
    forwarding =
        new Forwarding(
            settings.batching(),
            settings.posting(),
            settings.inFlight(),
            spool,
            health,
            failure::countDown);
    front = new HttpFront(settings, forwarding, health);
  }

  private static @Nullable Spool openSpool(Settings settings) {
    if (settings.spoolFile() == null) {
      return null;
    }
    try {
      return Spool.open(settings.spoolFile(), RecordCheck::isRecord);
    } catch (IOException e) {
      throw new InvalidSettingsException(
          List.of(
              String.format(
                  Locale.ROOT,
                  "-spool-file is %s, but must be a file that can be written: %s",
                  LogText.quoted(settings.spoolFile().toString()),
                  LogText.quoted(String.valueOf(e.getMessage())))));
    }
  }

  /**
   * Runs until SIGTERM, SIGINT, or until a batch is lost; returns only by an exception.
   *
   * @throws IOException when the port cannot be had
   */
  static void run(Settings settings) throws IOException {
    ForwarderProcess process = new ForwarderProcess(settings);
    process.front.start();
    // The hook decides on the exit code: after a signal the JVM's own would be 143.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(process.stop()), "stop"));
    process.forwarding.start();
    process.announceStart();
    try {
      process.failure.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.exit(1);
  }

  private void announceStart() {
    LOGGER
        .atInfo()
        .addKeyValue("sink", settings.posting().sink())
        .addKeyValue("batch_size", settings.batching().size())
        .addKeyValue("batch_interval", GoDuration.format(settings.batching().interval()))
        .addKeyValue("buffer_records", settings.batching().bufferRecords())
        .addKeyValue("buffer_bytes", settings.batching().bufferBytes())
        .addKeyValue("in_flight", settings.inFlight())
        .addKeyValue("found_in_spool", forwarding.totals().foundInSpool())
        .log("webhook-forwarder started");
    if (spool != null && spool.damagedLines() > 0) {
      LOGGER
          .atError()
          .addKeyValue("lines", spool.damagedLines())
          .addKeyValue("file", LogText.word(spool.damagedFile().toString()))
          .log("damaged lines of the spool file set aside");
    }
    settings.withoutEffect().forEach(LOGGER::warn);
    String host = settings.host() == null ? "127.0.0.1" : settings.host();
    LOGGER.info(
        "listening on http://{}:{}",
        host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host,
        front.port());
  }

  /** The exit code. */
  private int stop() {
    long left = 0;
    try {
      front.takeNoMoreConnections();
      LOGGER.atInfo().addKeyValue("held", forwarding.totals().held()).log("stopping");
      left = forwarding.stop(settings.drainTimeout());
      if (spool != null) {
        spool.close();
      }
      front.stop();
    } catch (IOException | RuntimeException e) {
      LOGGER.error("stopping failed", e);
      left = Math.max(left, 1);
    }
    Totals totals = forwarding.totals();
    if (forwarding.hasFailed()) {
      LOGGER.error("{} records are lost", totals.lost());
    } else if (left > 0) {
      LOGGER.error(
          "{} records were not forwarded before the drain timeout of {}: {} are in the spool file, {}"
              + " end with the process",
          left,
          GoDuration.format(settings.drainTimeout()),
          left - totals.held(),
          totals.held());
    }
    totals.addTo(LOGGER.atInfo()).log("stopped");
    return forwarding.hasFailed() || left > 0 ? 1 : 0;
  }
}
