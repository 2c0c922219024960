package dev.eventcollector.examples.webhooks;

import static dev.eventcollector.examples.webhooks.TestApp.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    await().atMost(PATIENCE).until(() -> workflows.workflowsFor(PUSH), List.of(name)::equals);
  }

  private void awaitLogged(String beginning) {
    await()
        .atMost(PATIENCE)
        .until(() -> logged.stream().anyMatch(line -> line.startsWith(beginning)));
  }

  @Test
  void should_take_the_new_workflows_when_the_file_is_edited_or_replaced() throws Exception {
    assertThat(workflows.workflowsFor(PUSH)).containsExactly("first");

    edit(naming("second"));
    awaitInForce("second");

    Path other = Files.writeString(folder.resolve("other.yaml"), naming("third"));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    awaitInForce("third");
    await().atMost(PATIENCE).until(() -> logged.size() == 2);
    assertThat(logged).containsOnly("INFO 1 workflow(s) of " + file + " are in force now");
  }

  @Test
  void should_keep_the_old_ones_and_say_file_line_and_rule_when_the_new_ones_are_wrong()
      throws Exception {
    edit("workflows:\n  - name: a\n    on: Push!");

    awaitLogged(
        "ERROR the workflows from before stay in force: "
            + file
            + ":3: on 'Push!' must be the name of an event");
    assertThat(workflows.workflowsFor(PUSH)).containsExactly("first");

    edit(naming("mended"));
    awaitInForce("mended");
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
      assertThat(patient.workflowsFor(PUSH)).containsExactly("first");
      patient.look();
      assertThat(patient.workflowsFor(PUSH)).as("seen once").containsExactly("first");

      patient.look();
      assertThat(patient.workflowsFor(PUSH)).containsExactly("whole");
    }
  }

  @Test
  void should_keep_the_old_ones_when_the_file_is_gone_for_a_while() throws Exception {
    Files.delete(file);

    awaitLogged("ERROR the workflows from before stay in force: " + file + " cannot be read");
    assertThat(workflows.workflowsFor(PUSH)).containsExactly("first");
    edit(naming("back"));
    awaitInForce("back");
  }
}
