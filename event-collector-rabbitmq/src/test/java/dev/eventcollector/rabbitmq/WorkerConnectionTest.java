package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker consumes on one connection, whatever ends its session, and however often. */
@SuppressWarnings("NullAway.Init") // set before each test
class WorkerConnectionTest extends WorkerFaults {

  private final ReadyDeliveries ready = new ReadyDeliveries();
  private final CountDownLatch lost = new CountDownLatch(1);
  private final Steps steps = new Steps();
  private WorkerConnection connection;

  @BeforeEach
  void consume() throws Exception {
    closeAtEnd(steps::close);
    Watchdog watchdog = new Watchdog();
    closeAtEnd(watchdog::close);
    WorkerSettings settings = workerSettings(workersProxy.uri(), events);
    ConfirmedMoves moves = new ConfirmedMoves(settings.connector(), "moves");
    closeAtEnd(moves::close);
    broker.deleteAtEnd(settings.deadQueue());
    connection =
        new WorkerConnection(
            settings,
            ready,
            new RetryQueues(settings, moves, steps, watchdog),
            steps,
            watchdog,
            session -> lost.countDown(),
            delivery -> {});
    closeAtEnd(connection::close);
    assertThat(connection.start(true).get(60, TimeUnit.SECONDS)).isNull();
  }

  private ConsumerSession session() {
    broker.send(event("a"));
    return await().until(ready::poll, one -> one != null).session;
  }

  @Test
  void should_consume_once_when_the_broker_cancels_a_consumer_that_is_being_given_up()
      throws Exception {
    ConsumerSession session = session();
    steps.beforeNext.set(session::cancelledByBroker);

    session.fail("it is given up");
    assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
    await().until(() -> workersProxy.connections() == 0);
    assertThat(steps.later).hasSize(1);
    steps.later.forEach(Runnable::run);

    assertThat(workersProxy.connections()).isEqualTo(1);
    assertClosesAll();
  }

  @Test
  void should_consume_once_when_it_is_to_connect_twice() throws Exception {
    session().fail("it is given up");
    await().until(() -> workersProxy.connections() == 0);
    Runnable connects = steps.later.get(0);
    connects.run();

    connects.run();
    String failure = connection.start(true).get(60, TimeUnit.SECONDS);

    assertThat(failure).contains("consumed already");
    assertThat(connection.trouble()).isNull();
    assertThat(steps.later).as("it does not try again").hasSize(1);
    await().until(() -> workersProxy.connections() == 1);
    assertClosesAll();
  }

  private void assertClosesAll() {
    connection.stop();
    connection.close();
    await().until(() -> workersProxy.connections() == 0);
  }

  /** Lets the test put a step before the next task, and run the delayed tasks itself. */
  private static final class Steps extends Background {

    private final AtomicReference<@Nullable Runnable> beforeNext = new AtomicReference<>();
    private final List<Runnable> later = new CopyOnWriteArrayList<>();

    Steps() {
      super("steps");
    }

    @Override
    public void execute(Runnable task) {
      Runnable before = beforeNext.getAndSet(null);
      super.execute(
          () -> {
            if (before != null) {
              before.run();
            }
            task.run();
          });
    }

    @Override
    @Nullable Future<?> later(long millis, Runnable task) {
      later.add(task);
      return null;
    }
  }
}
