package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hook that may add to each event. */
class CustomizerTest extends CollectorFixture {

  @Test
  void should_apply_each_in_turn_when_there_are_several() {
    List<String> seen = new ArrayList<>();
    events =
        collector(
            builder ->
                builder
                    .customizer(
                        (payload, queue, options) -> {
                          seen.add(payload + " to " + queue + " as " + options.id());
                          return options.withHeader("tenant", "acme").withType("first");
                        })
                    .customizer(
                        (payload, queue, options) ->
                            options.withType(options.properties().type() + " and second")));

    events.enqueueEvent("a", "orders", EventOptions.id("1").withHeader("own", "x"));

    Event event = events.eventsToPublish().get(0);
    assertThat(seen).containsExactly("a to orders as 1");
    assertThat(event.headers()).containsEntry("tenant", "acme").containsEntry("own", "x");
    assertThat(event.properties().type()).isEqualTo("first and second");
    events.clearEventsToPublish();
  }

  @Test
  void should_rethrow_the_exception_of_a_customizer_and_collect_nothing() {
    events =
        collector(
            builder ->
                builder.customizer(
                    (payload, queue, options) -> {
                      throw new IllegalStateException("no tenant");
                    }));

    assertThatIllegalStateException()
        .isThrownBy(() -> events.enqueueEvent("a", "orders"))
        .withMessage("no tenant");
    assertThat(events.eventsToPublish()).isEmpty();
    assertThat(events.state().pendingBytes()).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // as a careless customizer would
  void should_name_the_customizer_when_it_answers_with_null() {
    events = collector(builder -> builder.customizer((payload, queue, options) -> null));

    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent("a", "orders"))
        .withMessageContaining("customizer")
        .withMessageContaining("null");
    assertThat(events.eventsToPublish()).isEmpty();
  }

  @Test
  void should_check_the_additions_of_a_customizer() {
    events =
        collector(builder -> builder.customizer((payload, queue, options) -> options.withId(" ")));

    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent("a", "orders"))
        .withMessageContaining("id");
  }
}
