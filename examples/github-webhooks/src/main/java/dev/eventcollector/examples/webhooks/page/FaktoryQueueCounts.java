package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.examples.faktory.FaktoryServer;
import dev.eventcollector.examples.webhooks.queue.Queues;
import java.io.IOException;
import java.util.List;

/** By {@code INFO}: this app's two queues, and the sets, which all programs share. */
record FaktoryQueueCounts(FaktoryServer server) implements QueueCounts {

  static final String DEAD = "dead (all programs)";

  @Override
  public List<Count> read() throws IOException {
    FaktoryServer.Info info = server.info();
    return List.of(
        new Count(Queues.GITHUB_EVENTS, info.queues().getOrDefault(Queues.GITHUB_EVENTS, 0L), null),
        new Count("retries (all programs)", info.retries(), null),
        new Count(DEAD, info.dead(), null),
        new Count(
            Queues.WORKFLOW_RUNS, info.queues().getOrDefault(Queues.WORKFLOW_RUNS, 0L), null));
  }
}
