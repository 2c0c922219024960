package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RabbitMQ closes the connection over one channel more than its user may have. */
class UserChannelLimitTest extends NodeFaults {

  private static final int THREADS = 6;
  private static final int LIMIT = 3;

  private final CapturedLog log = new CapturedLog();

  private RabbitMqEventPublisher publisherWith(int maxChannels) throws Exception {
    String user = "may-have-" + maxChannels;
    node.control("add_user", user, user);
    node.control("set_permissions", user, ".*", ".*", ".*");
    node.control("set_user_limits", user, "{\"max-channels\": " + maxChannels + "}");
    return publisher(b -> b.uri(proxy.uri().replace("guest:guest@", user + ":" + user + "@")));
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void should_use_fewer_channels_when_the_broker_allows_its_user_no_more_trap_96()
      throws Exception {
    RabbitMqEventPublisher publisher = publisherWith(LIMIT);

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              await().until(() -> publish(publisher, "connects").equals(List.of(Status.CONFIRMED)));
              int connections = proxy.accepted();
              List<Status> statuses = publishAtTheSameTime(publisher);
              return proxy.accepted() == connections
                  && statuses.equals(Collections.nCopies(THREADS, Status.CONFIRMED));
            });

    assertThat(log.at(Level.WARN, "allows fewer than"))
        .as("from 6 by halves; the broker forgets closed channels a little later")
        .hasSizeBetween(1, 3);
  }

  @Test
  void should_tell_the_reason_of_the_broker_when_it_allows_no_channel_at_all_trap_96()
      throws Exception {
    RabbitMqEventPublisher publisher = publisherWith(0);

    Outcome outcome = publisher.publish(List.of(event("a")), PATIENCE).get(0);

    assertThat(outcome.status()).isEqualTo(Status.NOT_SENT);
    assertThat(outcome.toString()).contains("530 NOT_ALLOWED", "number of channels");
  }

  /** Each needs a channel before any other is done. */
  private List<Status> publishAtTheSameTime(RabbitMqEventPublisher publisher) throws Exception {
    proxy.stall(Direction.TO_CLIENT);
    List<Status> statuses = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(() -> statuses.addAll(publish(publisher, "one of several")));
      thread.start();
      threads.add(thread);
    }
    awaitWaiting(threads, THREADS);
    proxy.resume();
    for (Thread thread : threads) {
      thread.join();
    }
    return statuses;
  }
}
