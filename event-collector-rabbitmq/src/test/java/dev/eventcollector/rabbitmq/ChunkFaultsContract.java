package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.Event;
import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

/** One delivery that does something odd among 63 good ones, which are handled as one chunk. */
@Tag("broker-contract")
abstract class ChunkFaultsContract {

  private static final int SIZE = 64;
  private static final int ODD = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch allAreThere = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> unclean = new CopyOnWriteArrayList<>();
  private Broker broker;
  private String in;
  private String out;
  private PublishingEventCollector events;

  /** Its behavior, and the end that it and its event come to. */
  enum Odd {
    FAILS("dead", false),
    FAILS_WITH_AN_ERROR("dead", false),
    THROWS_WHAT_CANNOT_BE_READ("dead", false),
    IS_POISON("dead", false),
    IS_REJECTED("dead", false),
    IS_REJECTED_BY_A_CAUSE("dead", false),
    IS_DROPPED("dropped", false),
    TIMES_OUT("dead", false),
    IS_A_DUPLICATE("duplicate", false),
    HAS_THE_ID_OF_ANOTHER("duplicate", false),
    PUBLISHES_BY_ITSELF("completed", true),
    ENDS_ITS_UNIT("completed", true),
    CLEARS_ITS_UNIT("completed", false),
    HAS_AN_EVENT_FOR_NOBODY("dead", true),
    INTERRUPTS_ITS_THREAD("completed", true),
    BINDS_ANOTHER_UNIT("completed", true),
    SPOILS_ITS_THREAD("completed", true);

    private final String fate;
    private final boolean eventArrives;

    Odd(String fate, boolean eventArrives) {
      this.fate = fate;
      this.eventArrives = eventArrives;
    }
  }

  @BeforeEach
  void connect(Broker broker) {
    this.broker = broker;
    in = broker.declareUniqueQueue("chunk-in");
    out = broker.declareUniqueQueue("chunk-out");
    broker.deleteAtEnd(in + ".dead");
    events =
        PublishingEventCollector.builder(RabbitMqEventPublisher.builder().uri(broker.uri()).build())
            .maxAttempts(2)
            .undeliverableHandler(event -> {})
            .build();
  }

  @AfterEach
  void close() {
    events.close();
  }

  private void behave(Odd odd, Delivery delivery, EventCollector events) throws Exception {
    switch (odd) {
      case FAILS -> throw new IOException("no answer");
      case FAILS_WITH_AN_ERROR -> throw new NoClassDefFoundError("a plug-in");
      case THROWS_WHAT_CANNOT_BE_READ ->
          throw new IllegalStateException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
              throw new IllegalStateException("the session is closed");
            }
          };
      case IS_REJECTED -> throw RejectDeliveryException.dead("not well-formed");
      case IS_REJECTED_BY_A_CAUSE ->
          throw new CompletionException(RejectDeliveryException.dead("not well-formed"));
      case IS_DROPPED -> throw RejectDeliveryException.drop("nobody is interested");
      case TIMES_OUT -> never.await(60, TimeUnit.SECONDS);
      case PUBLISHES_BY_ITSELF -> assertThat(events.publish().confirmed()).isEqualTo(1);
      case ENDS_ITS_UNIT -> events.unitsOfWork().current().orElseThrow().publish();
      case CLEARS_ITS_UNIT -> events.unitsOfWork().current().orElseThrow().clear();
      case HAS_AN_EVENT_FOR_NOBODY -> events.enqueueEvent("lost", in + ".nobody");
      case INTERRUPTS_ITS_THREAD -> Thread.currentThread().interrupt();
      case BINDS_ANOTHER_UNIT -> events.unitsOfWork().begin().bind();
      case SPOILS_ITS_THREAD -> spoilThread();
      default -> {}
    }
  }

  private static void spoilThread() {
    Thread thread = Thread.currentThread();
    MDC.put("tenant", "somebody else's");
    thread.setName("mine");
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.setContextClassLoader(new ClassLoader() {});
    thread.interrupt();
  }

  private void checkThread(Delivery delivery) {
    Thread thread = Thread.currentThread();
    if (MDC.get("tenant") != null
        || !Objects.equals(delivery.messageId(), MDC.get("messageId"))
        || thread.getName().equals("mine")
        || thread.getPriority() != Thread.NORM_PRIORITY
        || thread.getContextClassLoader() != getClass().getClassLoader()
        || thread.isInterrupted()) {
      unclean.add(delivery + " on " + thread);
    }
  }

  @ParameterizedTest
  @EnumSource(Odd.class)
  void should_harm_no_other_delivery_of_its_chunk_when_one_is_odd_trap_40(Odd odd)
      throws Exception {
    fill(odd);
    CompletedDeliveries completed = CompletedDeliveries.inMemory(100);
    if (odd == Odd.IS_A_DUPLICATE) {
      completed.add("" + ODD);
    }
    Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
    try (RabbitMqWorker worker =
        RabbitMqWorker.builder()
            .uri(broker.uri())
            .queue(in)
            .collector(events)
            .retryDelays()
            .prefetch(SIZE)
            .maxDeliveries(3)
            .attemptTimeout(Duration.ofSeconds(odd == Odd.TIMES_OUT ? 3 : 30))
            .completedDeliveries(completed)
            .listener(listener())
            .handler(
                (delivery, events) -> {
                  allAreThere.await(60, TimeUnit.SECONDS);
                  checkThread(delivery);
                  events.enqueueEvent(delivery.bodyAsText(), out);
                  if (delivery.bodyAsText().equals("" + ODD)) {
                    behave(odd, delivery, events);
                  }
                })
            .start()) {
      int waiting = odd == Odd.IS_POISON ? SIZE - 2 : SIZE - 1; // poison is parked as it arrives
      await()
          .pollInterval(Duration.ofMillis(5)) // the first one's time runs
          .atMost(PATIENCE)
          .until(() -> worker.waitingDeliveries() == waiting);
      allAreThere.countDown();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(told).as("trouble: %s", worker.trouble()).hasSize(SIZE));
    }

    assertThat(told).contains(odd.fate + " " + ODD);
    assertThat(told.stream().filter(fate -> fate.startsWith("completed")))
        .hasSize(odd.fate.equals("completed") ? SIZE : SIZE - 1);
    List<String> expected =
        new ArrayList<>(IntStream.range(0, SIZE).mapToObj(String::valueOf).toList());
    if (!odd.eventArrives) {
      expected.remove("" + ODD);
    }
    List<String> arrived = broker.received(out).stream().map(ReceivedMessage::bodyAsText).toList();
    if (odd == Odd.PUBLISHES_BY_ITSELF || odd == Odd.ENDS_ITS_UNIT) {
      assertThat(arrived).containsExactlyInAnyOrderElementsOf(expected);
    } else {
      assertThat(arrived).as("in order").containsExactlyElementsOf(expected);
    }
    assertThat(unclean).isEmpty();
    await().atMost(PATIENCE).until(() -> broker.messageCount(in) == 0);
    assertThat(events.state().owed()).isZero();
  }

  private void fill(Odd odd) throws Exception {
    if (odd == Odd.IS_POISON) {
      fillWithPoison();
      return;
    }
    for (int i = 0; i < SIZE; i++) {
      boolean sharesItsId = i == ODD && odd == Odd.HAS_THE_ID_OF_ANOTHER;
      send(sharesItsId ? "" + (ODD - 1) : "" + i, i, Map.of());
    }
  }

  /** RabbitMQ's count is believed where it counts, and the embedded broker's header everywhere. */
  private void fillWithPoison() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection connection = factory.newConnection()) {
      if (Topology.isRabbitMq(connection)) {
        broker.delete(in);
        broker.declareQueue( // from which the whole prefetch comes at once
            in, Map.of("x-queue-type", "quorum", "x-single-active-consumer", true));
        send("" + ODD, ODD, Map.of());
        for (int i = 0; i < 3; i++) {
          getAndReturn(connection, 1);
        }
        for (int i = 0; i < SIZE; i++) {
          if (i != ODD) {
            send("" + i, i, Map.of());
          }
        }
      } else {
        for (int i = 0; i < SIZE; i++) {
          send("" + i, i, i == ODD ? Map.of("x-delivery-count", 3) : Map.of());
        }
        getAndReturn(connection, SIZE); // the broker has to say that it was delivered before
      }
    }
  }

  /** The first ones come, and return as the channel is closed. */
  private void getAndReturn(Connection connection, int count) throws Exception {
    CountDownLatch come = new CountDownLatch(count);
    try (Channel channel = connection.createChannel()) {
      channel.basicQos(count);
      channel.basicConsume(in, false, (tag, message) -> come.countDown(), tag -> {});
      assertThat(come.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void send(String id, int number, Map<String, Object> headers) {
    broker.send(new Event(id, in, ("" + number).getBytes(), null, headers));
  }

  private RabbitMqWorkerListener listener() {
    return new RabbitMqWorkerListener() {
      @Override
      public void onCompleted(Delivery delivery, Duration took) {
        told.add("completed " + delivery.bodyAsText());
      }

      @Override
      public void onDuplicate(Delivery delivery) {
        told.add("duplicate " + delivery.bodyAsText());
      }

      @Override
      public void onDead(Delivery delivery, String reason) {
        told.add("dead " + delivery.bodyAsText());
      }

      @Override
      public void onDropped(Delivery delivery, String reason) {
        told.add("dropped " + delivery.bodyAsText());
      }

      @Override
      public void onGivenBack(Delivery delivery, String reason) {
        told.add("given back " + delivery.bodyAsText() + ": " + reason);
      }
    };
  }
}
