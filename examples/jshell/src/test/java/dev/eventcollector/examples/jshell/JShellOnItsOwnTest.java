package dev.eventcollector.examples.jshell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JShell without a broker of the user's: on an embedded one. */
@Timeout(600)
class JShellOnItsOwnTest extends JShellSession {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void should_print_its_instructions_and_answer_from_an_embedded_broker_when_there_is_no_amqp_uri(
      boolean plain) throws Exception {
    String asked =
        "1 + 1\n"
            + enqueue("hello")
            + awaitPublished()
            + "EventCollector same = events\n"
            + "received(\"%s\")\n".formatted(queue)
            + "received(\"none\")\nbroker.received(\"none\")\nbroker.messageCount(\"none\")\n"
            + "events.state()\n"
            + "help\nhelp()\n/set feedback\n";

    Ended ended = type("", plain ? plain("--feedback", "concise") : launcher(), asked);

    assertThat(ended.output().lines().limit(4))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches("event-collector on an embedded broker on port \\d+, .* Try:"),
            line -> assertThat(line).contains("events.enqueueEvent(\"hello\", \"greetings\")"),
            line -> assertThat(line).contains("received(\"greetings\")", "help", "/exit"),
            line -> assertThat(line).contains("2"));
    assertThat(ended.output())
        .contains("embedded broker", "confirmed: " + queue)
        .contains("==> 1 confirmed, 0 owed, 0 collected in open units")
        .contains("body=hello")
        .contains("there is no queue none; the first event for it declares it")
        .contains("==> []")
        .contains("==> 0");
    String feedback = "|  /set feedback concise";
    assertThat(ended.output()).contains(feedback).doesNotContain("Welcome");
    assertThat(ended.output().split(Pattern.quote(feedback), -1)[0].lines())
        .filteredOn(line -> !line.contains("WARN ")) // of a slow start
        .filteredOn(line -> !line.startsWith("not confirmed, ")) // also
        .noneMatch(line -> line.contains("Error") || line.contains("Exception"))
        .noneMatch(line -> line.contains("| "));
    assertThat(ended.output().split("takes the messages out and shows them", -1)).hasSize(3);
    assertThat(ended.output()).contains("start afresh");
    assertThat(ended.exitCode()).isZero();
  }

  @Test
  void should_leave_publishing_to_the_unit_when_one_is_open() throws Exception {
    String typed =
        "UnitOfWork unit = events.unitsOfWork().begin()\n"
            + "UnitOfWork.Binding bound = unit.bind()\n"
            + enqueue("first")
            + "received(\"%s\")\n".formatted(queue)
            + "unit.publish()\n"
            + awaitPublished()
            + enqueue("late")
            + "bound.close()\n"
            + "AutoPublishingEventCollector.run(() -> { "
            + enqueue("failed").replace("\n", "; ")
            + "throw new IllegalStateException(); })\n"
            + "events.state()\n"
            + enqueue("alone")
            + awaitPublished();

    String shown = type("", launcher(), typed).output();

    assertThat(shown)
        .containsSubsequence(
            "collected: " + queue,
            "there is no queue " + queue,
            "confirmed: " + queue,
            "the unit of work has ended",
            "collected: " + queue,
            "==> 1 confirmed, 0 owed, 0 collected in open units, 1 dropped with failed units",
            "confirmed: " + queue);
    assertThat(shown.split("confirmed: ", -1)).hasSize(3);
  }

  @Test
  void should_say_in_a_line_when_an_input_cannot_work() throws Exception {
    String typed =
        "events.enqueueEvent(\"x\", \"\")\n"
            + "events.enqueueEvent(null, \"x\")\n"
            + "received(null)\n"
            + "broker.purge(\"none\")\n"
            + "console.close()\n"
            + enqueue("late")
            + "received(\"none\")\n"
            + "events\n";

    String shown = type("", launcher(), typed).output();

    assertThat(shown)
        .containsSubsequence(
            "an event needs a queue",
            "is null",
            "there is no queue null",
            "queue none",
            "is closed",
            "cannot look for queue none",
            "events ==> publishes every event at once");
    assertThat(shown).doesNotContain("        at ");
  }

  @Test
  void should_declare_a_queue_again_when_somebody_has_deleted_it() throws Exception {
    String two = "\"" + queue + "\"";
    String typed =
        "broker.declareQueue("
            + two
            + ")\n"
            + enqueue("lost")
            + awaitPublished()
            + "broker.delete("
            + two
            + ")\n"
            + enqueue("again")
            + "broker.receive("
            + two
            + ", 1, java.time.Duration.ofSeconds(60))\n";

    assertThat(type("", launcher(), typed).output()).contains("body=again");
  }
}
