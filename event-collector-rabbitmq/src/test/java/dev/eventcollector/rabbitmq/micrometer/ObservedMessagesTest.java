package dev.eventcollector.rabbitmq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCustomizer;
import dev.eventcollector.EventOptions;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Observations of messages, with a handler that propagates as Micrometer Tracing's do. */
class ObservedMessagesTest {

  private static final String HEADER = "traceparent";

  private final List<String> told = new ArrayList<>();
  private final ObservationRegistry registry = ObservationRegistry.create();
  private final ObservedMessages observed = ObservedMessages.with(registry);

  private final class Propagating implements ObservationHandler<Observation.Context> {

    @Override
    public void onStart(Observation.Context context) {
      if (context instanceof SenderContext<?> sender) {
        inject(sender);
      } else if (context instanceof ReceiverContext<?> receiver) {
        told.add("goes on with " + extract(receiver));
      }
    }

    private static <C> void inject(SenderContext<C> sender) {
      sender.getSetter().set(sender.getCarrier(), HEADER, "a trace");
    }

    private static <C> String extract(ReceiverContext<C> receiver) {
      C carrier = java.util.Objects.requireNonNull(receiver.getCarrier());
      return String.valueOf(receiver.getGetter().get(carrier, HEADER));
    }

    @Override
    public void onError(Observation.Context context) {
      told.add("error " + context.getError());
    }

    @Override
    public void onStop(Observation.Context context) {
      told.add(context.getContextualName() + " " + context); // with its key values
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  private static Delivery delivery(Map<String, Object> headers) {
    return new Delivery("orders", "1", new byte[0], null, headers, 1, false);
  }

  private static EventCollector events() {
    return EventCollector.threadSingletonInstance(); // never used
  }

  @Test
  void should_bring_the_trace_from_the_thread_that_enqueues_to_the_handler() throws Exception {
    registry.observationConfig().observationHandler(new Propagating());
    EventCustomizer customizer = observed.customizer();

    EventOptions options =
        customizer.customize("a", "order.placed", EventOptions.exchange("shop").withType("t"));
    observed
        .handler((delivery, events) -> told.add("handled"))
        .handle(delivery(options.headers()), events());

    assertThat(options.headers()).containsEntry(HEADER, "a trace");
    assertThat(options.properties().type()).isEqualTo("t");
    assertThat(told).hasSize(4);
    assertThat(told.get(0)).startsWith("create shop ").contains("rabbitmq", "messaging.system");
    assertThat(told.get(1)).isEqualTo("goes on with a trace");
    assertThat(told.get(2)).isEqualTo("handled");
    assertThat(told.get(3)).startsWith("process orders ");
  }

  @Test
  void should_tell_the_error_and_throw_it_when_a_handler_fails() {
    registry.observationConfig().observationHandler(new Propagating());
    DeliveryHandler handler =
        observed.handler(
            (delivery, events) -> {
              throw new IllegalStateException("no stock");
            });

    assertThatIllegalStateException()
        .isThrownBy(() -> handler.handle(delivery(Map.of()), events()))
        .withMessage("no stock");
    assertThat(told).contains("error java.lang.IllegalStateException: no stock");
  }

  @Test
  void should_change_nothing_when_nobody_observes_or_the_event_has_a_trace() {
    EventOptions mine = EventOptions.header(HEADER, "mine");
    ObservedMessages nobody = ObservedMessages.with(ObservationRegistry.NOOP);
    assertThat(nobody.customizer().customize("a", "orders", mine)).isSameAs(mine);

    registry.observationConfig().observationHandler(new Propagating());
    assertThat(observed.customizer().customize("a", "orders", mine).headers())
        .containsEntry(HEADER, "mine");
  }
}
