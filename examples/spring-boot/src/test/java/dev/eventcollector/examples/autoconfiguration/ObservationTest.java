package dev.eventcollector.examples.autoconfiguration;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Events and deliveries are observed where Spring Boot has a registry; traces go on. */
class ObservationTest {

  private static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class))
          .withPropertyValues("spring.rabbitmq.addresses=" + EMBEDDED.uri())
          .withBean(Tracing.class)
          .withBean(Shipping.class);

  /** Sends a header along and notes which one comes, as handlers for tracing do. */
  static class Tracing implements ObservationHandler<Observation.Context> {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    public void onStart(Observation.Context context) {
      if (context instanceof SenderContext<?> sender) {
        send(sender);
      } else if (context instanceof ReceiverContext<?> receiver) {
        seen.add(context.getName() + " " + received(receiver));
      }
    }

    private static <C> void send(SenderContext<C> sender) {
      sender.getSetter().set(sender.getCarrier(), "trace", "7");
    }

    private static <C> String received(ReceiverContext<C> receiver) {
      C carrier = receiver.getCarrier();
      return carrier == null ? "" : String.valueOf(receiver.getGetter().get(carrier, "trace"));
    }

    @Override
    public void onStop(Observation.Context context) {
      seen.add("stop " + context.getContextualName());
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  static class Shipping {
    @EventWorker(queue = "observed")
    void ship(String payload, Delivery delivery, EventCollector events) {
      events.enqueueEvent(String.valueOf(delivery.headers().get("trace")), "observations");
    }
  }

  @Test
  void should_observe_events_and_deliveries_when_there_is_a_registry() {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("observed");
      broker.declareQueue("observations");
      runner.run(
          context -> {
            assertThat(context).hasSingleBean(ObservationRegistry.class);
            context.getBean(EventCollector.class).enqueueEvent("order", "observed");
            assertThat(broker)
                .queue("observations")
                .within(Duration.ofSeconds(60))
                .received(event().withPayload("7"));
            assertThat(context.getBean(Tracing.class).seen)
                .contains(
                    "stop create observed",
                    "event.collector.process 7",
                    "stop create observations",
                    "stop process observed");
          });
    }
  }

  @Test
  void should_observe_nothing_when_it_is_switched_off() {
    runner
        .withPropertyValues(
            "event-collector.observation.enabled=false", "event-collector.worker.enabled=false")
        .run(
            context -> {
              context.getBean(EventCollector.class).unitsOfWork().run(() -> {});
              assertThat(context).doesNotHaveBean("eventTracesCustomizer");
            });
  }
}
