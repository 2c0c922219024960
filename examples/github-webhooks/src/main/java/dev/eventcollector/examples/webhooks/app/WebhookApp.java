package dev.eventcollector.examples.webhooks.app;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.support.http.HttpServer;
import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.webhooks.delivery.DeliveryWorker;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.MinuteCounts;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.history.RecentDelivery.Status;
import dev.eventcollector.examples.webhooks.http.BodyMemory;
import dev.eventcollector.examples.webhooks.http.SignatureCheck;
import dev.eventcollector.examples.webhooks.http.Traces;
import dev.eventcollector.examples.webhooks.http.WebhookRequest;
import dev.eventcollector.examples.webhooks.http.WebhookServer;
import dev.eventcollector.examples.webhooks.http.WebhookServlet;
import dev.eventcollector.examples.webhooks.page.Page;
import dev.eventcollector.examples.webhooks.queue.BackgroundWorker;
import dev.eventcollector.examples.webhooks.queue.Broker;
import dev.eventcollector.examples.webhooks.settings.Secrets;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.micrometer.EventCollectorMetrics;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.opentelemetry.OpenTelemetryTracing;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Puts the parts together, and takes them apart in good order. */
public final class WebhookApp implements Service, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(WebhookApp.class);
  private static final long MEGABYTE = 1024 * 1024;

  private final Settings settings;
  private final StatusPages status = new StatusPages();
  private final Counters counters = new Counters(status.metrics());
  private final RecentDeliveries recent = new RecentDeliveries(Clock.systemUTC());
  private final MinuteCounts minutes = new MinuteCounts(Clock.systemUTC());
  private final OpenTelemetryTracing tracing = OpenTelemetryTracing.with(Traces.openTelemetry());
  private final CompletedDeliveries completed;
  private final Broker broker;
  private final PublishingEventCollector events;
  private final BackgroundWorker worker;
  private final Page page;
  private final HttpServer server;

  private WebhookApp(Settings settings, WorkflowMatcher workflows) throws IOException {
    this.settings = settings;
    completed = CompletedDeliveries.inMemory(settings.completedMemory());
    broker = Broker.of(settings);
    events = collector();
    worker =
        broker.work(
            settings,
            tracing.handler(new DeliveryWorker(workflows, recent::onDecided)),
            events,
            completed,
            List.of(minutes, recent, counters)); // what is counted can be seen on the page
    page = new Page(settings, broker.uris(), recent, counters);
    try {
      server = serve();
    } catch (IOException | RuntimeException e) {
      page.close();
      worker.close(Duration.ZERO);
      events.close(Duration.ZERO);
      broker.close();
      throw e;
    }
    status.readyWhenWell(List.of(this::trouble));
    LOGGER.info("{}", page.howToOpen(server.address()));
  }

  /**
   * Starts everything. The broker may come later: it is tried until it is there.
   *
   * @throws IOException when it is not possible to listen
   */
  public static WebhookApp start(Settings settings, WorkflowMatcher workflows) throws IOException {
    return new WebhookApp(settings, workflows);
  }

  private PublishingEventCollector collector() {
    return PublishingEventCollector.builder(broker.publisher())
        .customizer(tracing.customizer())
        .encoder(PayloadEncoder.json(JsonMapper.shared()::writeValueAsBytes))
        .maxEventBytes(WebhookRequest.MAX_BYTES)
        .maxPendingBytes(maxPendingBytes())
        .publishTimeout(settings.publishTimeout())
        .listener(counters)
        .listener(new EventCollectorMetrics(status.metrics()))
        .listener(recent)
        .listener(minutes)
        .build();
  }

  /** As much as bodies, so that with both and the worker's deliveries a small heap has room. */
  private static long maxPendingBytes() {
    long most = BodyMemory.defaultMegabytes() * MEGABYTE;
    return Math.max(most, WebhookRequest.MAX_BYTES + MEGABYTE);
  }

  private BodyMemory bodyMemory() {
    Integer megabytes = settings.bodyMemory();
    long heap = Runtime.getRuntime().maxMemory() / MEGABYTE;
    if (megabytes != null && megabytes > heap / 2) {
      LOGGER.warn(
          "--body-memory (BODY_MEMORY): {} MB are more than half of the heap of {} MB, so that"
              + " memory may run out before this limit turns a request down",
          megabytes,
          heap);
    }
    return new BodyMemory(megabytes == null ? BodyMemory.defaultMegabytes() : megabytes);
  }

  /**
   * The text of the answer to a delivery. The worker drops a delivery that was completed before.
   */
  private String fateOf(String delivery) {
    if (completed.contains(delivery)) {
      return "handled before; this copy will be dropped";
    }
    Status status = recent.statusOf(delivery);
    if (status == Status.RETRYING) {
      return "failed before; this copy is handled now, and then the one that waits is dropped";
    }
    return status == Status.OWED || status == Status.QUEUED
        ? "queued before; this copy will be dropped once the other is handled"
        : WebhookServlet.QUEUED;
  }

  private HttpServer serve() throws IOException {
    Secrets secrets = settings.webhookSecret();
    if (secrets == null) {
      throw new IllegalStateException("no webhook secret"); // Settings does not let this pass
    }
    return WebhookServer.start(
        settings,
        events,
        counters.answers,
        new WebhookServlet(
            new SignatureCheck(secrets),
            events,
            bodyMemory(),
            settings.requestTimeout(),
            this::fateOf),
        page.servlet(this::trouble, events::state, minutes),
        status);
  }

  public URI address() {
    return server.address();
  }

  public PublishingEventCollector events() {
    return events;
  }

  public Counters counters() {
    return counters;
  }

  public CollectorState state() {
    return events.state();
  }

  /** Why deliveries cannot be queued or handled at the moment; null when they can. */
  @Override
  public @Nullable String trouble() {
    CollectorState state = events.state();
    if (!state.available()) {
      return "publishing: " + state.lastTrouble();
    }
    String workerTrouble = worker.trouble();
    return workerTrouble == null ? null : "worker: " + workerTrouble;
  }

  /**
   * Ends the app: accepts no more requests, lets the worker finish, publishes owed events, all of
   * it within the drain timeout.
   *
   * @return whether nothing was left
   */
  public boolean drain() {
    return drain(Deadline.in(settings.draining().timeout()));
  }

  @Override
  public boolean drain(Deadline deadline) {
    server.drain(Deadline.in(deadline.left().dividedBy(2))); // a slow sender cannot use it up
    awaitEmbeddedBrokerIsEmpty(deadline);
    page.close();
    boolean finished = worker.close(deadline.left());
    int unpublished = events.close(deadline.left());
    long unhandled = broker.isEmbedded() ? counters.unhandled() : 0;
    broker.close();
    if (finished && unpublished == 0 && unhandled == 0) {
      return true;
    }
    LOGGER.error(
        "{} event(s) were not published{}{}",
        unpublished,
        unhandled == 0 ? "" : ", " + unhandled + " delivery(s) in the embedded broker not handled",
        finished ? "" : ", the worker was interrupted");
    return false;
  }

  /** The embedded broker would lose its messages; any other keeps them for the next start. */
  private void awaitEmbeddedBrokerIsEmpty(Deadline deadline) {
    while (broker.isEmbedded()
        && counters.isAnyLeft(() -> events.state().owed())
        && !deadline.hasPassed()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() {
    drain();
  }
}
