package dev.eventcollector.rabbitmq;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;

/** The parts of a worker that hold deliveries, without handler threads and retries. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class HoldFixture extends UsualBrokerFaults {

  final List<String> told = new CopyOnWriteArrayList<>();
  final ReadyDeliveries ready = new ReadyDeliveries();
  final ChunkPublishing publishing = new ChunkPublishing();
  PublishingEventCollector collector;
  HeldDeliveries held;
  Settling settling;
  HoldLimit limit;
  HeldRetries retries;

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
    WorkerSettings settings = workerSettings(proxy.uri(), collector, listener);
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
    retries = new HeldRetries(settings, held, works, ready, publishing, settling, limit, probes);
    OpenConnection open = settings.connector().connect("worker");
    closeAtEnd(() -> open.close(1_000));
    Returns.Limit returns = new Returns.Limit(20, 0, false, false);
    new ConsumerSession(settings, returns, open, watchdog, ready, background, new NoWorker())
        .start();
  }

  private static final class NoWorker implements ConsumerSession.Worker {

    @Override
    public void lost(ConsumerSession session, String reason) {}

    @Override
    public void deliveredTooOften(DeliveryInHand one) {}
  }

  /** The outcome when the collector publishes this event. */
  abstract Outcome answer(Event event);

  /** Sends and takes a delivery. */
  DeliveryInHand deliver(String id) throws InterruptedException {
    broker.send(event(id));
    return Objects.requireNonNull(ready.take());
  }
}
