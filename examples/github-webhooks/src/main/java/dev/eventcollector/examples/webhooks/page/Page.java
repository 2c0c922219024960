package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.CollectorState;
import dev.eventcollector.examples.faktory.FaktoryServer;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.MinuteCounts;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.settings.FaktoryUrl;
import dev.eventcollector.examples.webhooks.settings.PageToken;
import dev.eventcollector.examples.webhooks.settings.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page for operators, and the connections of its own that it needs. */
public final class Page implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Settings settings;
  private final @Nullable PageToken token;
  private final @Nullable String madeUpToken;
  private final @Nullable BrokerDesk desk;
  private final QueueReadings queues;
  private final String deadQueue;
  private final FailedDeliveries failed;
  private final RecentDeliveries recent;

  /** Asks RabbitMQ at these URIs; Faktory, as set, when there are none. */
  public Page(
      Settings settings, @Nullable BrokerUris uris, RecentDeliveries recent, Counters counters) {
    this.settings = settings;
    this.recent = recent;
    // Elsewhere the page is off until somebody chooses a token.
    madeUpToken =
        settings.pageToken() == null && isLoopback(settings.listening().bindAddress())
            ? PageToken.random()
            : null;
    token = madeUpToken == null ? settings.pageToken() : PageToken.parse(madeUpToken);
    FaktoryUrl faktory = settings.faktoryUrl();
    QueueCounts counts;
    if (uris != null) {
      desk = new BrokerDesk(uris, PATIENCE);
      counts = new AmqpQueueCounts(desk, queueNames());
      deadQueue = Queues.DEAD;
      failed = new AmqpFailedDeliveries(uris, recent, counters, PATIENCE);
    } else if (faktory != null) {
      FaktoryServer server = FaktoryServer.at(faktory.url());
      desk = null;
      counts = new FaktoryQueueCounts(server);
      deadQueue = FaktoryQueueCounts.DEAD;
      failed = new FaktoryFailedDeliveries(server, recent, PATIENCE);
    } else {
      throw new IllegalStateException("there is neither RabbitMQ nor Faktory");
    }
    queues = new QueueReadings(counts, Clock.systemUTC());
    if (token != null) {
      queues.start();
    }
  }

  /** The resources at {@code /} and below {@code /page}. */
  public PageServlet servlet(
      Supplier<@Nullable String> trouble,
      Supplier<CollectorState> collector,
      MinuteCounts minutes) {
    return new PageServlet(
        new PageAccess(token),
        new PageState.Source(trouble, collector, queues, deadQueue, minutes, recent),
        recent,
        failed);
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** How people get to see the page, for the log. */
  public String howToOpen(URI app) {
    if (madeUpToken != null) {
      return "the page is at " + app + "/#token=" + madeUpToken + ", until this process ends";
    }
    return token == null
        ? "the page is off, because it has no token: set --page-token (PAGE_TOKEN)"
        : "the page is at " + app + "/, for those who know its token";
  }

  private List<String> queueNames() {
    List<String> names = new ArrayList<>();
    names.add(Queues.GITHUB_EVENTS);
    for (Duration delay : settings.retryDelays().list()) {
      String queue = Queues.retry(delay);
      if (!names.contains(queue)) {
        names.add(queue);
      }
    }
    names.add(Queues.DEAD);
    names.add(Queues.WORKFLOW_RUNS);
    return names;
  }

  @Override
  public void close() {
    queues.close();
    failed.close();
    if (desk != null) {
      desk.close();
    }
  }
}
