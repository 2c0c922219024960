package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import dev.eventcollector.Outcome;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A channel that is of no use any more gives its number back, of which a connection has few. */
@SuppressWarnings("NullAway.Init") // set by connect()
class DiscardedChannelsTest extends UsualBrokerFaults {

  private final AtomicBoolean noThreads = new AtomicBoolean();
  private OpenConnection open;
  private PublishingConnection connection;

  private void connect(Duration timeout) {
    ConnectionOptions options = new ConnectionOptions();
    options.uris = List.of(proxy.uri());
    options.connectTimeout = timeout; // for each answer, too
    Connector connector = options.connector(new ArrayList<>());
    open = await().ignoreExceptions().until(() -> connector.connect("test"), Objects::nonNull);
    closeAtEnd(() -> open.close(1_000));
    connection = new PublishingConnection(open, 10, this::inBackground, wanted -> {});
  }

  private void inBackground(Runnable task) {
    if (noThreads.get()) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    DaemonThreads.named("background").newThread(task).start();
  }

  private void awaitFree(int number) {
    await()
        .ignoreExceptions() // answers of the channel that had the number before
        .until(
            () -> {
              Channel channel = open.connection().createChannel(number);
              return channel != null && channel.isOpen();
            });
  }

  @Test
  void should_give_the_number_back_when_the_broker_did_not_answer_in_time() {
    connect(Duration.ofSeconds(1));
    proxy.stall(Direction.TO_CLIENT);
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(IOException.class).isThrownBy(connection::takeChannel);
    }
    proxy.resume();

    awaitFree(1);
    awaitFree(2);
  }

  @Test
  void should_give_the_number_back_later_when_there_are_no_more_threads() throws Exception {
    connect(PATIENCE);
    ConfirmingChannel one = unanswered();
    ConfirmingChannel other = unanswered();
    noThreads.set(true);
    assertThatCode(() -> connection.giveBack(one)).doesNotThrowAnyException();
    noThreads.set(false);
    connection.giveBack(other);

    awaitFree(1);
    awaitFree(2);
  }

  private ConfirmingChannel unanswered() throws Exception {
    ConfirmingChannel channel = connection.takeChannel();
    proxy.stall(Direction.TO_CLIENT);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
    Published published =
        channel.publish(
            new EventChunk(List.of(event("late")), ""),
            new Watchdog().watch(open.socket(), System.nanoTime() + PATIENCE.toNanos()),
            deadline,
            Long.MAX_VALUE);
    proxy.resume();
    assertThat(published.outcomes()).extracting(Outcome::isConfirmed).containsExactly(false);
    return channel;
  }
}
