package dev.eventcollector.examples.jshell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** Types into a real JShell in a process of its own. */
abstract class JShellSession {

  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");
  private static final String CLASS_PATH = System.getProperty("java.class.path");
  private static final String QUICK = "-XX:TieredStopAtLevel=1";
  private static final String START_UP = "src/main/jshell/events.jsh";

  final String queue = "greetings-" + UUID.randomUUID();

  @TempDir Path directory;

  record Ended(int exitCode, String output) {}

  static List<String> launcher() {
    return List.of(
        JDK.resolve("java").toString(), QUICK, "-cp", CLASS_PATH, JShellConsole.class.getName());
  }

  static List<String> plain(String... options) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(JDK.resolve("jshell").toString(), "-J" + QUICK, "-R" + QUICK));
    command.addAll(List.of(options));
    command.addAll(List.of("--class-path", CLASS_PATH, START_UP));
    return command;
  }

  String enqueue(String payload) {
    return "events.enqueueEvent(\"%s\", \"%s\")%n".formatted(payload, queue);
  }

  /** Waits until events that the broker has not taken at once are published. */
  static String awaitPublished() {
    return "while (events.state().all().owed() > 0) Thread.sleep(10);\n";
  }

  Ended type(String amqpUri, List<String> command, String input)
      throws IOException, InterruptedException {
    Path typed = directory.resolve("typed");
    Path shown = directory.resolve("shown");
    Files.writeString(typed, input + "/exit\n");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(typed.toFile())
            .redirectOutput(shown.toFile())
            .redirectErrorStream(true);
    builder.environment().put("AMQP_URI", amqpUri);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ended").isTrue();
      return new Ended(process.exitValue(), Files.readString(shown, StandardCharsets.UTF_8));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
