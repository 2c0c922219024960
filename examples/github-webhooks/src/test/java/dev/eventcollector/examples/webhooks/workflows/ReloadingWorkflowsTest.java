package dev.eventcollector.examples.webhooks.workflows;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.eventcollector.examples.webhooks.github.PayloadFacts;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class ReloadingWorkflowsTest {

  private static final ReceivedEvent PUSH =
      new ReceivedEvent("guid", "push", null, new PayloadFacts(null, null, null, "main"));

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(event.getLevel() + " " + event.getFormattedMessage());
        }
      };
  private final Logger logger = (Logger) LoggerFactory.getLogger(ReloadingWorkflows.class);
  @TempDir private Path folder;
  private Path file;
  private ReloadingWorkflows workflows;

  @BeforeEach
  void start() throws Exception {
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.INFO);
    file = Files.writeString(folder.resolve("mine.yaml"), naming("first"));
    workflows =
        ReloadingWorkflows.start(file, WorkflowConfiguration.read(file), Duration.ofMillis(10));
  }

  @AfterEach
  void stop() {
    workflows.close();
    logger.detachAppender(appender);
    logger.setLevel(null);
  }

  private static String naming(String name) {
    return "workflows: [{name: %s, on: push, branches: main}]".formatted(name);
  }

  /** In place, and while nobody looks: what is half written would be complained of, too. */
  private void edit(String text) throws IOException {
    synchronized (workflows) {
      Files.writeString(file, text);
    }
  }

  private void awaitInForce(String name) {
    await().atMost(PATIENCE).until(() -> workflows.decide(PUSH).started(), List.of(name)::equals);
  }

  private void awaitLogged(String beginning) {
    await()
        .atMost(PATIENCE)
        .until(() -> logged.stream().anyMatch(line -> line.startsWith(beginning)));
  }

  @Test
  void should_take_the_new_workflows_when_the_file_is_edited_or_replaced() throws Exception {
    assertThat(workflows.decide(PUSH).started()).containsExactly("first");

    edit(naming("second"));
    awaitInForce("second");

    Path other = Files.writeString(folder.resolve("other.yaml"), naming("third"));
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE); // else there is none for a moment
    awaitInForce("third");
    await().atMost(PATIENCE).until(() -> logged.size() == 2);
    String said = "INFO 1 workflow(s) of " + file + " are in force now: ";
    assertThat(logged).containsExactly(said + "second", said + "third");
  }

  @Test
  void should_keep_the_old_ones_and_say_file_line_and_rule_when_the_new_ones_are_wrong()
      throws Exception {
    edit("workflows:\n  - name: a\n    on: Push!");

    awaitLogged(
        "ERROR the workflows from before stay in force: "
            + file
            + ":3: on 'Push!' must be the name of an event");
    assertThat(workflows.decide(PUSH).started()).containsExactly("first");

    edit(naming("mended"));
    awaitInForce("mended");
    awaitLogged("INFO 1 workflow(s) of " + file + " are in force now: mended");
    assertThat(logged).as("said once").hasSize(2);
  }

  @Test
  void should_wait_until_nobody_writes_when_the_file_is_half_written() throws Exception {
    try (ReloadingWorkflows patient =
        ReloadingWorkflows.start(file, WorkflowConfiguration.read(file), Duration.ofHours(1))) {
      patient.look();
      Files.writeString(file, naming("half")); // valid, as the beginning of a list would be
      patient.look();
      Files.writeString(file, naming("whole"));
      assertThat(patient.decide(PUSH).started()).containsExactly("first");
      patient.look();
      assertThat(patient.decide(PUSH).started()).as("seen once").containsExactly("first");

      patient.look();
      assertThat(patient.decide(PUSH).started()).containsExactly("whole");
    }
  }

  @Test
  void should_keep_the_old_ones_when_the_file_is_gone_for_a_while() throws Exception {
    Files.delete(file);

    awaitLogged("ERROR the workflows from before stay in force: " + file + " cannot be read");
    assertThat(workflows.decide(PUSH).started()).containsExactly("first");
    edit(naming("first"));
    awaitLogged("INFO 1 workflow(s) of " + file + " are in force now: first");
  }

  private static List<Arguments> unusableFiles() {
    return List.of(
        Arguments.of("deep", (Replacement) f -> Files.writeString(f, DEEP), "nested more than"),
        Arguments.of("huge", (Replacement) ReloadingWorkflowsTest::makeHuge, "larger than"),
        Arguments.of("endless", (Replacement) f -> link(f, "/dev/zero"), "not a regular file"),
        Arguments.of("FIFO", (Replacement) ReloadingWorkflowsTest::makeFifo, "not a regular file"),
        Arguments.of("folder", (Replacement) Files::createDirectory, "not a regular file"),
        Arguments.of("itself", (Replacement) f -> link(f, f.toString()), "cannot be read"),
        Arguments.of("binary", (Replacement) f -> Files.write(f, new byte[] {-1, 0}), "UTF-8"),
        Arguments.of("aliases", (Replacement) f -> Files.writeString(f, MANY_ALIASES), "alias"),
        Arguments.of("full of faults", (Replacement) f -> Files.writeString(f, FAULTY), "more"));
  }

  private static final String DEEP = "workflows: " + "[".repeat(5_000) + "]".repeat(5_000);
  private static final String MANY_ALIASES =
      "workflows:\n- &a {name: x, on: [" + "A, ".repeat(1_000) + "A]}\n" + "- *a\n".repeat(30_000);
  private static final String FAULTY = "workflows:\n" + "- x\n".repeat(50_000);

  /** Puts something else where the file was. */
  @FunctionalInterface
  private interface Replacement {
    Object at(Path file) throws Exception;
  }

  private static Path link(Path file, String target) throws IOException {
    return Files.createSymbolicLink(file, Path.of(target));
  }

  private static Path makeHuge(Path file) throws IOException {
    try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(3L << 30); // takes no room on the disk
    }
    return file;
  }

  private static Path makeFifo(Path file) throws Exception {
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    return file;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusableFiles")
  @DisabledOnOs(OS.WINDOWS)
  @Timeout(120)
  void should_say_why_and_take_the_next_good_file_when_one_cannot_be_used(
      String what, Replacement replacement, String reason) throws Exception {
    Files.delete(file);
    replacement.at(file);

    await()
        .atMost(PATIENCE)
        .until(() -> logged.stream().anyMatch(l -> l.startsWith("ERROR") && l.contains(reason)));
    assertThat(logged).allSatisfy(line -> assertThat(line.length()).isLessThan(3_000));
    assertThat(workflows.decide(PUSH).started()).containsExactly("first");
    assertThatThrownBy(() -> WorkflowConfiguration.read(file))
        .as("at the start, too")
        .isInstanceOf(InvalidWorkflowsException.class)
        .hasMessageContaining(reason);

    Files.delete(file);
    Files.writeString(file, naming("mended"));
    awaitInForce("mended");
  }
}
