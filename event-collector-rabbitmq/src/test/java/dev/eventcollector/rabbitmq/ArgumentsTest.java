package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Arguments of queues and bindings, before anything is connected to. */
class ArgumentsTest {

  @Test
  void should_keep_the_given_value_when_it_is_changed_afterwards() {
    List<@Nullable Object> list = new ArrayList<>(List.of("a"));
    byte[] bytes = {1};
    Date date = new Date(7);
    Map<String, @Nullable Object> given = new HashMap<>();
    given.put("list", list);
    given.put("array", new Object[] {bytes, Map.of("date", date)});
    given.put("nothing", null);
    List<String> problems = new ArrayList<>();

    Map<String, Object> copy = Arguments.checkedCopy("queue q", given, problems);
    list.clear();
    bytes[0] = 2;
    date.setTime(8);
    given.clear();

    assertThat(problems).isEmpty();
    assertThat(copy).containsOnlyKeys("list", "array", "nothing").containsEntry("nothing", null);
    assertThat(copy.get("list")).isEqualTo(List.of("a"));
    assertThat(copy.get("array"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo(new byte[] {1}),
            second -> assertThat(second).isEqualTo(Map.of("date", new Date(7))));
  }

  @Test
  void should_name_all_that_amqp_cannot_carry_when_built() {
    List<Object> itself = new ArrayList<>();
    itself.add(itself);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RabbitMqEventPublisher.builder()
                    .declareQueue("q1", Map.of("x-max-length", new Object()))
                    .declareQueue("q2", Map.of("x-itself", itself))
                    .bindQueue("q3", "e3", "", Map.of("half", "\uD83D"))
                    .bindQueue("q4", "e4", "", Map.of("n".repeat(256), 1))
                    .bindQueue("q5", "e5", "", Map.of("long", "x".repeat(131_072)))
                    .build())
        .withMessageContaining(
            "the arguments of queue q1 cannot be sent by AMQP: x-max-length has a value of class"
                + " java.lang.Object, for which AMQP has no type")
        .withMessageContaining("an argument of queue q2 is nested deeper than 32 levels")
        .withMessageContaining(
            "the arguments of bindQueue(\"q3\", \"e3\", ...) cannot be sent by AMQP: half has a")
        .withMessageContaining("has a name that has 256 bytes in UTF-8, but AMQP allows 255")
        .withMessageContaining("the arguments of bindQueue(\"q5\", \"e5\", ...) take 131086 bytes");
  }
}
