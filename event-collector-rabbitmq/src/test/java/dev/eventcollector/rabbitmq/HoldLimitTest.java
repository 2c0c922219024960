package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UnitOfWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two deliveries are held whose events are refused, and only one may be: what becomes of the first,
 * whose fate was looked at before the collector tried again.
 */
@SuppressWarnings("NullAway.Init") // set before each test
class HoldLimitTest extends UsualBrokerFaults {

  private static final Outcome REFUSED = Outcome.nacked("the queue is full");
  private static final Duration LONG = Duration.ofMinutes(10);

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final ReadyDeliveries ready = new ReadyDeliveries();
  private final ChunkPublishing publishing = new ChunkPublishing();
  private final CountDownLatch attempted = new CountDownLatch(1);
  private volatile CountDownLatch hindrance = new CountDownLatch(0);
  private volatile Outcome answerToFirst = REFUSED;
  private PublishingEventCollector collector;
  private HeldDeliveries held;
  private Settling settling;
  private HoldLimit limit;

  private final RabbitMqWorkerListener listener =
      new RabbitMqWorkerListener() {
        @Override
        public void onCompleted(Delivery delivery, Duration took) {
          told.add("completed " + delivery.messageId());
        }

        @Override
        public void onDead(Delivery delivery, String reason) {
          told.add("dead " + delivery.messageId());
        }
      };

  @BeforeEach
  void consume() throws Exception {
    broker.declareQueue(queue + ".dead");
    collector =
        PublishingEventCollector.builder(
                (chunk, timeout) -> chunk.stream().map(this::answer).toList())
            .firstRetryDelay(Duration.ofMillis(10))
            .maxRetryDelay(Duration.ofMillis(50))
            .maxAttempts(1_000_000)
            .undeliverableHandler(undeliverable::add)
            .build();
    closeAtEnd(() -> collector.close(Duration.ZERO));
    WorkerSettings settings = settings();
    Background background = new Background("hold-limit-test");
    closeAtEnd(background::close);
    Watchdog watchdog = new Watchdog();
    closeAtEnd(watchdog::close);
    ConfirmedMoves moves = new ConfirmedMoves(settings.connector(), "moves");
    closeAtEnd(moves::close);
    RetryQueues retryQueues = new RetryQueues(settings, moves, background, watchdog);
    DeliveryNews news = new DeliveryNews(settings.listeners(), settings.deadQueue());
    held = new HeldDeliveries(settings, ready, news);
    WorkingAgain works = new WorkingAgain(settings, held);
    settling = new Settling(settings, retryQueues, new DeliveriesInProgress(), news, held, works);
    held.connect(settling::giveBack, () -> {});
    Probes probes = new Probes(settings, held, retryQueues);
    limit =
        new HoldLimit(
            settings, held, works, ready, publishing, settling, probes, (reason, probe) -> {});
    OpenConnection open = settings.connector().connect("worker");
    closeAtEnd(() -> open.close(1_000));
    Returns.Limit returns = new Returns.Limit(20, 0, false, false);
    new ConsumerSession(settings, returns, open, watchdog, ready, background, new NoWorker())
        .start();
  }

  private WorkerSettings settings() {
    ConnectionOptions options = new ConnectionOptions();
    options.uris = List.of(proxy.uri());
    options.connectTimeout = PATIENCE;
    return new WorkerSettings(
        options.connector(new ArrayList<>()),
        queue,
        queue + ".dead",
        List.of(),
        1,
        2,
        2,
        20,
        LONG,
        LONG,
        LONG,
        CompletedDeliveries.none(),
        List.of(listener),
        collector,
        (delivery, events) -> {});
  }

  private static final class NoWorker implements ConsumerSession.Worker {

    @Override
    public void lost(ConsumerSession session, String reason) {}

    @Override
    public void deliveredTooOften(DeliveryInHand one) {}
  }

  @AfterEach
  void letGo() {
    hindrance.countDown();
  }

  private Outcome answer(Event event) {
    if (!event.queue().equals("of first")) {
      return REFUSED;
    }
    CountDownLatch hinders = hindrance;
    if (hinders.getCount() > 0) {
      attempted.countDown();
      try {
        hinders.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return answerToFirst;
  }

  /** Handled and held, and not looked at again by itself. */
  private void hold(String id) throws InterruptedException {
    broker.send(event(id));
    DeliveryInHand one = Objects.requireNonNull(ready.take());
    UnitOfWork unit = collector.unitsOfWork().begin();
    one.units = collector.unitsOfWork();
    one.unit = unit;
    try (UnitOfWork.Binding bound = unit.bind()) {
      collector.enqueueEvent("event", "of " + id);
    }
    one.result = new AttemptResult.Completed();
    publishing.publish(List.of(one));
    settling.settle(List.of(one));
    one.nextTryNanos = System.nanoTime() + LONG.toNanos();
  }

  private void awaitOwed(int count) {
    await().until(() -> collector.state().owed() == count);
  }

  @Test
  void should_complete_it_when_its_events_are_confirmed_by_now() throws Exception {
    hold("first");
    hold("second");
    assertThat(held.count()).isEqualTo(2);
    answerToFirst = Outcome.confirmed();
    awaitOwed(1);

    limit.enforce();

    assertThat(told).containsExactly("completed first");
    assertThat(held.count()).isOne();
    assertThat(broker.messageCount(queue + ".dead")).isZero();
  }

  @Test
  void should_wait_for_the_attempt_under_way_and_complete_it_when_that_succeeds() throws Exception {
    holdTwoWhileTheFirstIsAttempted();

    limit.enforce();
    assertThat(told).isEmpty();
    answerToFirst = Outcome.confirmed();
    hindrance.countDown();
    awaitOwed(1);
    limit.enforce();

    assertThat(told).containsExactly("completed first");
    assertThat(held.count()).isOne();
  }

  @Test
  void should_wait_for_the_attempt_under_way_and_fail_it_when_that_fails() throws Exception {
    holdTwoWhileTheFirstIsAttempted();

    limit.enforce();
    assertThat(told).isEmpty();
    answerToFirst = Outcome.unknown("the connection was lost");
    hindrance.countDown();
    awaitOwed(1);
    limit.enforce();

    assertThat(told).containsExactly("dead first");
    assertThat(held.count()).isOne();
  }

  private void holdTwoWhileTheFirstIsAttempted() throws InterruptedException {
    hold("first");
    hindrance = new CountDownLatch(1);
    assertThat(attempted.await(60, TimeUnit.SECONDS)).isTrue();
    hold("second");
    assertThat(held.count()).isEqualTo(2);
  }
}
