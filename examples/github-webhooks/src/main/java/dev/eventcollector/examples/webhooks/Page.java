package dev.eventcollector.examples.webhooks;

import dev.eventcollector.CollectorState;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page for people, and the connections of its own that it needs. */
final class Page implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Settings settings;
  private final BrokerDesk desk;
  private final RabbitMqEventPublisher publisher;

  Page(Settings settings, BrokerUris uris) {
    this.settings = settings;
    desk = new BrokerDesk(uris, PATIENCE);
    publisher =
        RabbitMqEventPublisher.builder()
            .uris(uris.list())
            .connectionName("github-webhooks page")
            .build();
  }

  PageServlet servlet(
      Supplier<@Nullable String> trouble,
      Supplier<CollectorState> collector,
      MinuteCounts minutes,
      RecentDeliveries recent,
      Counters counters) {
    return new PageServlet(
        new PageAccess(settings.pageToken(), settings.bindAddress()),
        new PageState.Source(trouble, collector, new QueueDepths(desk, queues()), minutes, recent),
        new DeadDeliveries(desk, publisher, recent, counters));
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
    desk.close();
    publisher.close();
  }
}
