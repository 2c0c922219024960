package dev.eventcollector.examples.jshell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import dev.eventcollector.testkit.broker.WithBroker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Sits at a pseudo-terminal, which the command {@code script} makes, and types keys. */
@WithBroker
@Timeout(600)
@EnabledOnOs(OS.LINUX)
class TerminalTest {

  private static final String TAB = "\t";
  private static final String ENTER = "\r";
  private static final String UP = "\033OA";
  private static final String END_OF_INPUT = "\004";

  private final String queue = "greetings-" + UUID.randomUUID();
  @TempDir Path directory;
  private @Nullable Process process;

  @AfterEach
  void end() {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void should_confirm_at_the_prompt_when_somebody_types(Broker broker) throws Exception {
    broker.deleteAtEnd(queue);
    Process console = sitDown(broker.uri());
    awaitShown("jshell> ", 1);

    type(console, "events.enqueueEv" + TAB); // completes the name and its bracket
    awaitShown("enqueueEvent(", 2); // the banner has one, too
    type(console, "\"hello\", \"" + queue + "\")" + ENTER);
    awaitShown("confirmed: " + queue, 1);
    awaitShown("jshell> ", 2); // keys that come before are not the prompt's
    type(console, UP + ENTER); // once more
    awaitShown("confirmed: " + queue, 2);
    awaitShown("jshell> ", 3);
    type(console, END_OF_INPUT);

    assertThat(console.waitFor(5, TimeUnit.MINUTES)).as(this::shown).isTrue();
    assertThat(console.exitValue()).isZero();
    assertThat(broker.receive(queue, 2))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("hello", "hello");
  }

  private Process sitDown(String amqpUri) throws IOException {
    String command =
        "stty cols 120 rows 40; exec \"$JAVA\" -XX:TieredStopAtLevel=1 -cp \"$CLASSES\" "
            + JShellConsole.class.getName();
    ProcessBuilder builder =
        new ProcessBuilder(List.of("script", "-qfec", command, "/dev/null"))
            .redirectOutput(screen().toFile())
            .redirectErrorStream(true);
    builder.environment().put("JAVA", System.getProperty("java.home") + "/bin/java");
    builder.environment().put("CLASSES", System.getProperty("java.class.path"));
    builder.environment().put("AMQP_URI", amqpUri);
    builder.environment().put("TERM", "xterm");
    Process console = builder.start();
    process = console;
    return console;
  }

  private static void type(Process console, String keys) throws IOException {
    OutputStream keyboard = console.getOutputStream();
    keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
    keyboard.flush();
  }

  private void awaitShown(String text, int times) {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () -> assertThat(shown().split(Pattern.quote(text), -1)).hasSizeGreaterThan(times));
  }

  private String shown() {
    try {
      return Files.readString(screen(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "nothing: " + e;
    }
  }

  private Path screen() {
    return directory.resolve("screen");
  }
}
