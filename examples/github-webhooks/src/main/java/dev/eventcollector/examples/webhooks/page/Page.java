package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.CollectorState;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.MinuteCounts;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.queue.FaktoryBroker;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.settings.PageToken;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page for people, and the connections of its own that it needs. */
public final class Page implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Settings settings;
  private final @Nullable PageToken token;
  private final @Nullable String madeUpToken;
  private final @Nullable BrokerDesk desk;
  private final @Nullable RabbitMqEventPublisher publisher;

  /** Without URIs it tells where else to look for queues and dead deliveries. */
  public Page(Settings settings, @Nullable BrokerUris uris) {
    this.settings = settings;
    // Elsewhere the page is off until somebody chooses a token.
    madeUpToken =
        settings.pageToken() == null && isLoopback(settings.bindAddress())
            ? PageToken.random()
            : null;
    token = madeUpToken == null ? settings.pageToken() : PageToken.parse(madeUpToken);
    desk = uris == null ? null : new BrokerDesk(uris, PATIENCE);
    publisher =
        uris == null
            ? null
            : RabbitMqEventPublisher.builder()
                .uris(uris.list())
                .connectionName("github-webhooks page")
                .build();
  }

  public PageServlet servlet(
      Supplier<@Nullable String> trouble,
      Supplier<CollectorState> collector,
      MinuteCounts minutes,
      RecentDeliveries recent,
      Counters counters) {
    return new PageServlet(
        new PageAccess(token),
        new PageState.Source(trouble, collector, depths(), minutes, recent),
        desk == null || publisher == null
            ? null
            : new DeadDeliveries(desk, publisher, recent, counters));
  }

  private Supplier<QueueDepths.Snapshot> depths() {
    return desk == null
        ? () -> new QueueDepths.Snapshot(List.of(), FaktoryBroker.ON_ITS_PAGE)
        : new QueueDepths(desk, queues())::latest;
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

  private List<String> queues() {
    List<String> queues = new ArrayList<>();
    queues.add(Queues.GITHUB_EVENTS);
    for (Duration delay : settings.retryDelays().list()) {
      String queue = Queues.retry(delay);
      if (!queues.contains(queue)) {
        queues.add(queue);
      }
    }
    queues.add(Queues.DEAD);
    queues.add(Queues.WORKFLOW_RUNS);
    return queues;
  }

  @Override
  public void close() {
    if (desk != null) {
      desk.close();
    }
    if (publisher != null) {
      publisher.close();
    }
  }
}
