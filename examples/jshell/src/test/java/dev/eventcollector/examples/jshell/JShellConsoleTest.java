package dev.eventcollector.examples.jshell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import dev.eventcollector.testkit.broker.WithBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JShell on a broker of the user's. */
@WithBroker
@Timeout(600)
class JShellConsoleTest extends JShellSession {

  @Test
  void should_confirm_event_at_the_prompt_when_it_is_enqueued(Broker broker) throws Exception {
    broker.deleteAtEnd(queue);

    Ended ended = type(broker.uri(), launcher(), enqueue("hello") + awaitPublished());

    assertThat(ended.output()).contains("events.enqueueEvent(").contains("confirmed: " + queue);
    assertThat(ended.output()).doesNotContain("Welcome to JShell").doesNotContain("guest:guest");
    assertThat(ended.exitCode()).isZero();
    assertThat(broker.receive(queue, 1))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("hello");
  }

  @Test
  void should_confirm_event_when_start_up_file_is_given_to_plain_jshell(Broker broker)
      throws Exception {
    broker.deleteAtEnd(queue);

    Ended ended =
        type(
            broker.uri(),
            plain(),
            enqueue("hello") + awaitPublished() + enqueue("again") + awaitPublished());

    assertThat(ended.output()).contains("confirmed: " + queue);
    assertThat(broker.receive(queue, 2))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("hello", "again");
  }

  @Test
  void should_start_afresh_when_it_is_reset(Broker broker) throws Exception {
    broker.deleteAtEnd(queue);

    Ended ended = type(broker.uri(), launcher(), "/reset\n" + enqueue("hello") + awaitPublished());

    assertThat(ended.output()).contains("confirmed: " + queue);
  }

  @Test
  void should_end_with_2_when_amqp_uri_is_wrong() throws Exception {
    Ended ended = type("http://guest:secret@localhost", launcher(), "");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.output()).contains("AMQP_URI").doesNotContain("secret");
  }
}
